"""One work of a peer: peer.py SUBJECT/NAME DATA ROWS THREADS; prints one JSON line for each line on standard input."""
import importlib
import json
import resource
import sys
import time

import numpy as np

name, path, rows, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
subject, work = name.split("/")
table = np.fromfile(path).reshape(-1, rows)


class Data:
    """Features [rows, features], classes, and what the case tells."""
    x, y = np.ascontiguousarray(table[:-1].T), table[-1]
    file = path
    threads = threads


run = importlib.import_module(f"peers.{subject}").works[work](Data)
print("ready", flush=True)
for _ in sys.stdin:
    cpu, started = time.process_time(), time.perf_counter()
    run()
    print(json.dumps({"wall": (time.perf_counter() - started) * 1000, "cpu": (time.process_time() - cpu) * 1000, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
