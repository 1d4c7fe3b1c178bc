"""The peers of bench/ml: peers.py CASE DATA ROWS THREADS; prints one JSON line for each line on standard input."""
import json
import resource
import sys
import time

import numpy as np

name, path, rows, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
table = np.fromfile(path).reshape(-1, rows)
x, y = np.ascontiguousarray(table[:-1].T), table[-1]


def lightgbm_model(count=threads):
    import lightgbm as lgb
    parameters = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "max_bin": 255, "num_threads": count, "verbose": -1}
    return lgb.train(parameters, lgb.Dataset(x, y), 100)


def boosting():
    return lightgbm_model


def forest():
    from sklearn.ensemble import RandomForestClassifier
    return lambda: RandomForestClassifier(100, n_jobs=threads, random_state=1).fit(x, y)


def shap_path():
    model = lightgbm_model(2)
    return lambda: model.predict(x[:10_000], pred_contrib=True, num_threads=threads)


def background(rows_explained, first, last):
    import shap
    model = lightgbm_model(2)
    held = x[first:last]
    return lambda: shap.TreeExplainer(model, shap.maskers.Independent(held, max_samples=len(held)), feature_perturbation="interventional").shap_values(x[:rows_explained])


cases = {"boosting": boosting, "forest": forest, "shap-path": shap_path, "shap-background-100": lambda: background(1_000, 20_000, 20_100)}
work = cases[name]()
print("ready", flush=True)
for _ in sys.stdin:
    cpu, started = time.process_time(), time.perf_counter()
    work()
    print(json.dumps({"wall": (time.perf_counter() - started) * 1000, "cpu": (time.process_time() - cpu) * 1000, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
