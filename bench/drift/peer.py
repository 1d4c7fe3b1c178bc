"""CPU nanoseconds a point of river's drift detectors: peer.py BITS, one JSON object by our kinds."""
import json
import sys
import time
from pathlib import Path

from river import drift

bits = [int(character) for character in Path(sys.argv[1]).read_text()]
peers = {
    "adwin": drift.ADWIN, "ddm": drift.binary.DDM, "eddm": drift.binary.EDDM, "fhddm": drift.binary.FHDDM,
    "hddm-a": drift.binary.HDDMA, "hddm-w": drift.binary.HDDMW, "kswin": drift.KSWIN, "page-hinkley": drift.PageHinkley,
}
times = {}
for kind, peer in peers.items():
    points = bits[:1_000] if kind == "kswin" else bits[:50_000]
    detector = peer()
    start = time.process_time_ns()
    for bit in points:
        detector.update(bit)
    times[kind] = (time.process_time_ns() - start) / len(points)
print(json.dumps(times))
