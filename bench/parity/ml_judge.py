"""Goldens for engine/ml/{metrics,slices,statistics}: retrieval figures, slice tests and Durbin-Watson on seeded data.

usage: ml_judge.py FOLDER   writes FOLDER/ml-judge.json
Durbin-Watson's exact p-value is checked without R's lmtest: Imhof's integral (1961) by SciPy's quadrature, which shares no
step with ours; the normal approximation is written out with dense matrices.
"""
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import scipy.stats as st
import sklearn
import sklearn.metrics as sm
import statsmodels
from scipy.integrate import quad
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.stattools import durbin_watson

folder = Path(sys.argv[1])
random = np.random.default_rng(41)
relevance = np.minimum(3, random.poisson(0.8, size=(30, 9)))
relevance[:, 0] = np.maximum(1, relevance[:, 0])
scores = np.round(relevance * 0.4 + random.normal(size=(30, 9)), 6)
tied = np.round(scores)
hits = (relevance > 0).astype(int)
firsts = [next(place + 1 for place, row in enumerate(np.argsort(-s)) if h[row]) for h, s in zip(hits, scores)]
retrieval = {
    "relevance": relevance.tolist(),
    "scores": scores.tolist(),
    "tied": tied.tolist(),
    "ndcg": {str(k): [sm.ndcg_score([r], [s], k=k) for r, s in zip(relevance, scores)] for k in (1, 3, 9)},
    "ndcgTied": [sm.ndcg_score([r], [s]) for r, s in zip(relevance, tied)],
    "ndcgExponential": [sm.ndcg_score([2.0**r - 1], [s]) for r, s in zip(relevance, scores)],
    "averagePrecision": [sm.average_precision_score(h, s) for h, s in zip(hits, scores)],
    "reciprocalRank": [1 / first for first in firsts],
    "precision": [float(h[np.argsort(-s)[:3]].mean()) for h, s in zip(hits, scores)],
}

table = {"a": random.integers(0, 3, 600), "b": random.integers(0, 4, 600), "c": random.integers(0, 2, 600)}
risk = 0.1 + 0.5 * ((table["a"] == 1) & (table["b"] == 2)) + 0.15 * (table["c"] == 1)
errors = (random.random(600) < risk).astype(int)
sizes = np.round(risk * 3 + random.normal(size=600), 4)
tests = []
for depth in (1, 2):
    for names in itertools.combinations("abc", depth):
        for values in itertools.product(*[range(int(table[name].max()) + 1) for name in names]):
            inside = np.all([table[name] == value for name, value in zip(names, values)], axis=0)
            if inside.sum() < 30:
                continue
            fisher = st.hypergeom.sf(errors[inside].sum() - 1, 600, errors.sum(), inside.sum())
            welch = st.ttest_ind(sizes[inside], sizes[~inside], equal_var=False, alternative="greater").pvalue
            label = " and ".join(f"{name} = {value}" for name, value in zip(names, values))
            tests.append({"label": label, "fisher": fisher, "welch": welch})
for kind in ("fisher", "welch"):
    for name, method in (("Holm", "holm"), ("BenjaminiHochberg", "fdr_bh")):
        for test, value in zip(tests, multipletests([test[kind] for test in tests], method=method)[1]):
            test[kind + name] = float(value)


def imhof(statistic, inputs):
    n, k = inputs.shape
    maker = np.eye(n) - inputs @ np.linalg.solve(inputs.T @ inputs, inputs.T)
    steps = np.diff(np.eye(n), axis=0)
    lam = np.sort(np.linalg.eigvalsh(maker @ steps.T @ steps @ maker))[k:] - statistic
    integrand = lambda u: np.sin(0.5 * np.arctan(lam * u).sum()) / (u * np.exp(0.25 * np.log1p((lam * u) ** 2).sum()))
    upper = 0.5 + sum(quad(integrand, a, b, limit=500, epsabs=1e-13, epsrel=1e-13)[0] for a, b in [(1e-12, 1), (1, 10), (10, 100), (100, 1e4)]) / np.pi
    mean_matrix = maker @ steps.T @ steps
    free = n - k
    mean = np.trace(mean_matrix) / free
    variance = 2 / (free * (free + 2)) * (np.trace(mean_matrix @ mean_matrix) - np.trace(mean_matrix) * mean)
    return 1 - upper, float(st.norm.cdf((statistic - mean) / np.sqrt(variance)))


watson = []
for rows, columns, memory in [(15, 1, 0.0), (30, 2, 0.5), (60, 3, 0.3), (60, 2, -0.4), (20, 4, 0.0)]:
    x = np.round(random.normal(size=(rows, columns)), 3)
    noise = random.normal(size=rows)
    for t in range(1, rows):
        noise[t] += memory * noise[t - 1]
    y = np.round(x.sum(axis=1) + noise, 4)
    inputs = np.c_[np.ones(rows), x]
    residuals = y - inputs @ np.linalg.lstsq(inputs, y, rcond=None)[0]
    statistic = float(durbin_watson(residuals))
    exact, normal = imhof(statistic, inputs)
    watson.append({"x": x.tolist(), "y": y.tolist(), "statistic": statistic, "exact": exact, "normal": normal})

golden = {
    "peers": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "retrieval": retrieval,
    "slices": {"columns": {name: values.tolist() for name, values in table.items()}, "errors": errors.tolist(), "sizes": sizes.tolist(), "tests": tests},
    "durbinWatson": watson,
}
(folder / "ml-judge.json").write_text(json.dumps(golden, default=float) + "\n")
