# group: drift
"""Goldens for engine/ml/drift: where river's detectors answer on seeded streams, and SciPy's distances.

usage: ml_drift.py FOLDER   writes FOLDER/ml-drift*.json
The streams stand in the goldens: errors as text of 0 and 1, numbers in hundredths; so do KSWIN's random draws.
"""
import json
import sys
from pathlib import Path

import numpy as np
import river
import scipy
import scipy.stats as st
from river import drift
from scipy.spatial.distance import jensenshannon

folder = Path(sys.argv[1])
rng = np.random.default_rng(20261121)


def write(name, golden):
    text = json.dumps({"peers": {"river": river.__version__, "scipy": scipy.__version__}, **golden}, indent=1)
    (folder / f"{name}.json").write_text(text + "\n")


def bits(*parts):
    return "".join(str(int(rng.uniform() < rate)) for rate, length in parts for _ in range(length))


def ramp(length, first, last):
    return "".join(str(int(rng.uniform() < rate)) for rate in np.linspace(first, last, length))


def hundredths(*parts):
    values = np.concatenate([rng.normal(mean, spread, size=length) for mean, spread, length in parts])
    return np.round(values * 100).astype(int)


errors = {
    "steady": bits((0.2, 3000)),
    "abrupt": bits((0.2, 1000), (0.4, 1000), (0.2, 1000), (0.7, 600), (0.05, 600)),
    "gradual": bits((0.1, 800)) + ramp(1600, 0.1, 0.5) + bits((0.5, 600)),
    "zeros then errors": bits((0.0, 500), (0.3, 500), (0.0, 500), (1.0, 60), (0.0, 200)),
    "ones first": bits((1.0, 40), (0.5, 700), (0.9, 700)),
    "alternating": "01" * 300 + "0111" * 200,
}
numbers = {
    "steady": hundredths((0, 1, 2500)),
    "steps": hundredths((0, 1, 800), (1, 1, 800), (-2, 1, 800), (-2, 4, 800)),
    "far from zero": hundredths((500, 0.1, 700), (500.2, 0.1, 700)),
    "constant, then not": hundredths((3, 0, 400), (3, 1, 600), (7, 0, 200)),
}


def runs(flags):
    """Each run of true as first index + length, in one line of text."""
    out = []
    for index in np.flatnonzero(flags):
        if out and out[-1][0] + out[-1][1] == index:
            out[-1][1] += 1
        else:
            out.append([int(index), 1])
    return " ".join(f"{first}+{length}" for first, length in out)


def judge(make, stream):
    detector = make()
    found, warned = [], []
    for value in stream:
        detector.update(value)
        found.append(detector.drift_detected)
        warned.append(getattr(detector, "warning_detected", False) and not detector.drift_detected)
    return {"drifts": [int(i) for i in np.flatnonzero(found)], "warnings": runs(warned)}


def cases(streams, entries):
    return [
        {"kind": kind, "options": ours, "stream": name, **judge(lambda: peer(**theirs), read(values))}
        for kind, peer, read, variants in entries
        for ours, theirs in variants
        for name, values in streams.items()
    ]


def as_bits(text):
    return [int(character) for character in text]


def right(text):
    return [1 - int(character) for character in text]


def as_numbers(values):
    return [float(value) / 100 for value in values]


hddm = [
    ({}, {}),
    ({"twoSided": True}, {"two_sided_test": True}),
    ({"drift": 0.05, "warning": 0.2, "twoSided": True},
     {"drift_confidence": 0.05, "warning_confidence": 0.2, "two_sided_test": True}),
]
adwin = [
    ({}, {}),
    ({"delta": 0.05}, {"delta": 0.05}),
    ({"delta": 0.1, "clock": 1, "maxBuckets": 3, "minWindow": 8, "gracePeriod": 40},
     {"delta": 0.1, "clock": 1, "max_buckets": 3, "min_window_length": 8, "grace_period": 40}),
]
page_hinkley = [
    ({}, {}),
    ({"threshold": 10}, {"threshold": 10}),
    ({"threshold": 8, "direction": "up", "warmUp": 5}, {"threshold": 8, "mode": "up", "min_instances": 5}),
    ({"threshold": 8, "direction": "down", "tolerance": 0.1, "fading": 0.99},
     {"threshold": 8, "mode": "down", "delta": 0.1, "alpha": 0.99}),
]
on_errors = cases(errors, [
    ("ddm", drift.binary.DDM, as_bits, [
        ({}, {}),
        ({"warmUp": 100, "warning": 1.5, "drift": 2.5},
         {"warm_start": 100, "warning_threshold": 1.5, "drift_threshold": 2.5})]),
    ("eddm", drift.binary.EDDM, as_bits, [
        ({}, {}),
        ({"warmUp": 10, "warning": 0.9, "drift": 0.8}, {"warm_start": 10, "alpha": 0.9, "beta": 0.8})]),
    ("hddm-a", drift.binary.HDDMA, as_bits, hddm),
    ("hddm-w", drift.binary.HDDMW, as_bits, [
        *hddm, ({"weight": 0.01}, {"lambda_val": 0.01})]),
    ("fhddm", drift.binary.FHDDM, right, [
        ({}, {}),
        ({"window": 40, "drift": 0.001}, {"sliding_window_size": 40, "confidence_level": 0.001}),
        ({"shortWindow": 20}, {"short_window_size": 20})]),
    ("adwin", drift.ADWIN, as_bits, adwin),
    ("page-hinkley", drift.PageHinkley, as_bits, page_hinkley),
])
on_numbers = cases(numbers, [
    ("adwin", drift.ADWIN, as_numbers, adwin),
    ("page-hinkley", drift.PageHinkley, as_numbers, page_hinkley),
])


def kswin(values, ours, theirs):
    """Detections, and each test's draws from the older part, one character a draw: code 48 + index."""
    detector = drift.KSWIN(**theirs, seed=1)
    draws, found = [], []

    class Recorder:
        def __init__(self, inner):
            self.inner = inner

        def sample(self, population, count):
            drawn = self.inner.sample(population, count)
            draws.append("".join(chr(48 + index) for index in drawn))
            return drawn

    for index, value in enumerate(as_numbers(values)):
        if not isinstance(detector._rng, Recorder) or detector.drift_detected:
            if detector.drift_detected:
                detector._reset()
            detector._rng = Recorder(detector._rng)
        detector.update(value)
        if detector.drift_detected:
            found.append(index)
    return {"options": ours, "values": " ".join(str(value) for value in values), "draws": draws, "drifts": found}


mixed = hundredths((0, 1, 250), (1.5, 1, 200), (1.5, 0.2, 150))
tied = np.round(hundredths((0, 1, 180), (1.2, 1, 180)) / 100) * 100
kswins = [
    kswin(mixed, {}, {}),
    kswin(tied.astype(int), {"alpha": 0.05, "window": 60, "sample": 20},
          {"alpha": 0.05, "window_size": 60, "stat_size": 20}),
]
write("ml-drift-streams", {
    "errors": errors,
    "numbers": {name: " ".join(str(value) for value in values) for name, values in numbers.items()},
    "onErrors": on_errors, "onNumbers": on_numbers, "kswin": kswins,
})


def distances():
    first = np.round(rng.normal(size=60), 2)
    second = np.round(rng.normal(0.4, 1.3, size=85), 2)
    weights = np.round(rng.uniform(0.1, 2, size=60), 2)
    shares = [[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.5, 0.0]]
    counts = [[30, 14, 0, 9], [22, 31, 6, 2]]
    table = st.chi2_contingency(counts, correction=False)
    p, q = np.array(shares)
    edges = np.quantile(first, np.arange(1, 10) / 10)
    deciles = [np.bincount(np.searchsorted(edges, v, side="left"), minlength=10) / len(v) for v in (first, second)]
    floored = np.maximum(deciles, 1e-4)
    before = np.round(rng.multivariate_normal([0, 0, 0], [[1, 0.7, 0], [0.7, 1, 0.2], [0, 0.2, 1]], size=70), 2)
    after = np.round(rng.multivariate_normal([0, 0, 0], [[1, 0.2, 0.1], [0.2, 1, 0.3], [0.1, 0.3, 1]], size=55), 2)
    r1, r2 = np.corrcoef(before.T), np.corrcoef(after.T)
    z = {f"{i} {j}": float((np.arctanh(r1[i, j]) - np.arctanh(r2[i, j])) / np.sqrt(1 / 67 + 1 / 52))
         for i, j in ((0, 1), (0, 2), (1, 2))}
    return {
        "deciles": [list(v) for v in deciles],
        "stability": float(np.sum((floored[1] - floored[0]) * np.log(floored[1] / floored[0]))),
        "before": before.ravel().tolist(), "after": after.ravel().tolist(), "z": z,
        "zPValues": {pair: float(2 * st.norm.sf(abs(value))) for pair, value in z.items()},
        "first": first.tolist(), "second": second.tolist(), "weights": weights.tolist(),
        "wasserstein": float(st.wasserstein_distance(first, second)),
        "wassersteinWeighted": float(st.wasserstein_distance(first, second, weights)),
        "ks": [float(v) for v in st.ks_2samp(first, second)[:2]],
        "shares": shares,
        "jensenShannon": float(jensenshannon(*shares)),
        "jensenShannonBits": float(jensenshannon(*shares, base=2)),
        "hellinger": float(np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2)) / np.sqrt(2)),
        "counts": counts, "chiSquare": [float(table.statistic), float(table.pvalue), int(table.dof)],
    }


write("ml-drift-distances", distances())
