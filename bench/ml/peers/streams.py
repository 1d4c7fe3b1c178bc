"""river's drift detectors, by our kinds."""
from river import drift

detectors = {
    "adwin": drift.ADWIN, "ddm": drift.binary.DDM, "eddm": drift.binary.EDDM, "fhddm": drift.binary.FHDDM,
    "hddm-a": drift.binary.HDDMA, "hddm-w": drift.binary.HDDMW, "page-hinkley": drift.PageHinkley,
}


def watched(make):
    def prepare(data):
        errors = (data.x[:, 0] > 1.93).astype(int).tolist()

        def run():
            detector = make()
            for error in errors:
                detector.update(error)
        return run
    return prepare


works = {kind: watched(make) for kind, make in detectors.items()}
