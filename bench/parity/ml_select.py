"""Goldens for engine/ml/{select,reduce}: numbers of scikit-learn, SciPy and pandas on seeded data.

usage: ml_select.py FOLDER   writes FOLDER/ml-select*.json
Inputs stand in the goldens themselves, rounded so that their JSON text is short and exact.
"""
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import scipy.stats as st
import sklearn
from sklearn import feature_selection as fs
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression
from sklearn.feature_selection import _mutual_info as mi
from sklearn.metrics import mutual_info_score
from sklearn.random_projection import johnson_lindenstrauss_min_dim

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
peers = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "pandas": pd.__version__}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write(name, golden):
    text = json.dumps({"peers": peers, **plain(golden)}, separators=(",", ":"))
    (folder / f"{name}.json").write_text(text + "\n")


def rounded(values, digits=3):
    return np.round(np.asarray(values, dtype=float), digits)


def filters(rng):
    n = 120
    classes = rng.integers(0, 3, size=n)
    x = rng.normal(size=(n, 6)) @ rng.normal(size=(6, 6)) + 5
    x[:, 1] += classes
    x[:, 3] = np.round(x[:, 0] * 2 + rng.normal(0, 0.1, size=n), 0)
    x[:, 5] = 7.1
    x = rounded(x)
    gaps = x.copy()
    gaps[rng.uniform(size=x.shape) < 0.1] = np.nan
    counts = rng.poisson(1 + 2 * (np.arange(4) % 2) * classes[:, None], size=(n, 4)).astype(float)
    codes = np.stack([classes, (classes + (rng.uniform(size=n) < 0.1)) % 3, rng.integers(0, 4, size=n)])
    chi = [[st.chi2_contingency(pd.crosstab(a, b), correction=False)[:2] for a in codes] for b in codes]
    cramer = [[st.contingency.association(pd.crosstab(a, b), "cramer") for a in codes] for b in codes]
    y = rounded(x[:, 0] - x[:, 2] + rng.normal(size=n))
    scores = rounded(rng.uniform(size=10), 4)
    return {
        "columns": x.T, "gaps": gaps.T, "classes": classes, "counts": counts.T, "codes": codes, "y": y, "scores": scores,
        "variances": np.nanvar(gaps, axis=0), "varied": fs.VarianceThreshold().fit(x).get_support(indices=True),
        "pearson": pd.DataFrame(x[:, :5]).corr().values, "pearsonGaps": pd.DataFrame(gaps[:, :5]).corr().values,
        "chiSquare": chi, "cramer": cramer,
        "anova": np.transpose(fs.f_classif(x[:, :5], classes)), "line": np.transpose(fs.f_regression(x[:, :5], y)),
        "valueChiSquare": np.transpose(fs.chi2(counts, classes)),
        "best": [np.sort(np.argsort(scores)[-k:]) for k in (1, 4, 10)],
        "shares": [fs.SelectPercentile(lambda a, b: (scores, scores), percentile=p).fit(np.zeros((4, 10)), [0, 1, 0, 1]).get_support(indices=True)
                   for p in (5, 10, 25, 30, 50, 75, 100)],
    }


def information(rng):
    """scikit-learn's estimators as they are on data without ties; the mean and spread of its noise over 40 seeds with ties."""
    n = 300
    classes = rng.integers(0, 3, size=n)
    classes[0] = 3
    number = rng.normal(size=n) + classes
    other = rng.permutation(np.arange(n)) / 7 + number * 30
    exact = np.std(number), np.std(other)
    whole = np.round(number * 2)
    coarse = np.round(number + rng.normal(size=n))
    fine = rounded(number + rng.normal(size=n), 1)
    zeros = np.where(rng.uniform(size=n) < 0.6, 0, rounded(number))
    tied = {"whole": whole, "coarse": coarse, "fine": fine, "zeros": zeros, "number": rounded(number)}
    seeds = range(40)
    spread = lambda draw: [np.mean(draw), np.std(draw)]
    mixed = {name: spread([fs.mutual_info_classif(column[:, None], classes, random_state=s)[0] for s in seeds]) for name, column in tied.items()}
    pairs = [("whole", "coarse"), ("whole", "fine"), ("zeros", "number"), ("zeros", "coarse"), ("fine", "number")]
    both = [spread([fs.mutual_info_regression(tied[a][:, None], tied[b], random_state=s)[0] for s in seeds]) for a, b in pairs]
    quarter = np.digitize(number, [-1, 0, 1])
    return {
        "classes": classes, "number": number, "other": other, "quarter": quarter, "tied": tied, "pairs": pairs,
        "classesOfQuarter": mutual_info_score(classes, quarter),
        "mixed": [mi._compute_mi_cd(number, classes, k) for k in (1, 3, 5)],
        "numbers": [mi._compute_mi_cc(number / exact[0], other / exact[1], k) for k in (1, 3, 5)],
        "mixedTied": mixed, "numbersTied": both,
    }


def reduction(rng):
    n, p = 80, 6
    x = rounded(rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + 3)
    classes = rng.integers(0, 4, size=n)
    x[:, 0] += classes
    x[:, 1] -= 2 * (classes == 2)
    x = rounded(x)
    wide = rounded(rng.normal(size=(9, 20)))
    degenerate = np.column_stack([x, x[:, 0] + x[:, 1], np.full(n, 4.0)])
    y = rounded(np.column_stack([x[:, 0] - x[:, 3], x[:, 2] * 3, x[:, 1] + x[:, 4]]) + rng.normal(size=(n, 3)))

    def components(data):
        fit = PCA(n_components=min(data.shape), svd_solver="full").fit(data)
        return {"mean": fit.mean_, "axes": fit.components_, "variances": fit.explained_variance_, "shares": fit.explained_variance_ratio_, "singular": fit.singular_values_}

    def discriminant(data):
        fit = LinearDiscriminantAnalysis(solver="svd").fit(data, classes)
        return {"scores": fit.transform(data), "shares": fit.explained_variance_ratio_, "mean": fit.xbar_}

    def least_squares(targets, k, scale=True):
        fit = PLSRegression(n_components=k, scale=scale, tol=1e-24, max_iter=5000).fit(x, targets)
        return {"weights": fit.x_weights_.T, "loadings": fit.x_loadings_.T, "targetLoadings": fit.y_loadings_.T, "coefficients": fit.coef_,
                "scores": fit.transform(x), "predictions": np.reshape(fit.predict(x), (n, -1))}

    return {
        "x": x, "classes": classes, "wide": wide, "y": y,
        "components": components(x), "componentsWide": components(wide), "few": components(x[:20]),
        "shareCounts": [PCA(n_components=s, svd_solver="full").fit(x).n_components_ for s in (0.5, 0.9, 0.999)],
        "whitened": PCA(n_components=3, whiten=True, svd_solver="full").fit_transform(x),
        "discriminant": discriminant(x), "discriminantDegenerate": discriminant(degenerate),
        "one": least_squares(y[:, 0], 3), "three": least_squares(y, 4), "unscaled": least_squares(y[:, :2], 2, False),
        "distortions": [[n, e, johnson_lindenstrauss_min_dim(n, eps=e)] for n, e in ((100, 0.1), (10000, 0.3), (5, 0.9))],
    }


def elimination(rng):
    """RFE by least squares; kydavra 0.3's definition of its divergences, written anew (it keeps columns by them, no score is public)."""
    n, p = 70, 7
    x = rounded(rng.normal(size=(n, p)) @ rng.normal(size=(p, p)))
    y = rounded(x @ np.arange(p) + rng.normal(size=n) * 3)
    runs = [[keep, step, fs.RFE(LinearRegression(), n_features_to_select=keep, step=step).fit(x, y).ranking_] for keep, step in ((1, 1), (3, 1), (2, 2), (1, 0.3))]
    positive = rounded(rng.gamma(2, size=n))
    target = rng.integers(0, 3, size=n).astype(float)
    a, b = (np.where(v == 0, 1e-4, v / v.sum()) for v in (target, positive))
    return {
        "x": x, "y": y, "runs": runs, "positive": positive, "target": target,
        "itakuraSaito": np.mean(a / b - np.log(a / b) - 1), "squared": np.sum((a - b) ** 2),
    }


def scores(rng):
    """A text scores as the best of its one-hot columns; a feature of a mixed table as SelectKBest would see its columns."""
    n = 150
    classes = rng.integers(0, 3, size=n)
    y = rounded(rng.normal(size=n) + classes)
    text = np.where(rng.uniform(size=n) < 0.5, classes, rng.integers(0, 5, size=n))
    seldom = rng.choice(["a", "b", "c", "d"], size=n, p=[0.9, 0.05, 0.04, 0.01])
    levels = {"text": np.array(["k", "l", "m", "n", "o"])[text], "seldom": seldom}
    onehot = {name: pd.get_dummies(column).values.astype(float) for name, column in levels.items()}
    count = rng.poisson(1 + classes, size=n).astype(float)
    number = rounded(rng.normal(size=n) + 0.4 * classes)
    columns = {"number": number[:, None], "count": count[:, None], **onehot}

    def best(test, target, of):
        rows = {}
        for name in of:
            statistic, p = test(columns[name], target)
            rows[name] = [statistic.max(), p[statistic.argmax()]]
        return rows

    return {
        "classes": classes, "y": y, "number": number, "count": count, **levels,
        "anova": best(fs.f_classif, classes, columns), "line": best(fs.f_regression, y, columns),
        "chiSquare": best(fs.chi2, classes, ["count", "text", "seldom"]),
        "information": {name: mutual_info_score(classes, column) for name, column in levels.items()},
    }


if __name__ == "__main__":
    write("ml-select-filters", filters(np.random.default_rng(41)))
    write("ml-select-information", information(np.random.default_rng(42)))
    write("ml-select-reduction", reduction(np.random.default_rng(43)))
    write("ml-select-elimination", elimination(np.random.default_rng(44)))
    write("ml-select-scores", scores(np.random.default_rng(45)))
