"""Goldens for engine/ml/{linalg,statistics,linear,metrics}: numbers of scikit-learn, SciPy and statsmodels on seeded data.

usage: ml_stats.py FOLDER   writes FOLDER/ml-stats*.json
Inputs stand in the goldens themselves, rounded so that their JSON text is short and exact.
"""
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
import scipy.stats as st
import sklearn
import sklearn.metrics as sm
import statsmodels
import statsmodels.api as sma
from scipy.special import gammaln, kolmogorov
from sklearn.linear_model import LogisticRegression, Ridge
from statsmodels.stats.contingency_tables import Table2x2, mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
peers = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}


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
    text = json.dumps({"peers": peers, **plain(golden)}, indent=1)
    (folder / f"{name}.json").write_text(text + "\n")


def rounded(values, digits=4):
    return np.round(np.asarray(values, dtype=float), digits)


def distributions():
    x = [-8.5, -3.2, -1.0, -0.1, 0.0, 0.3, 1.96, 4.4, 9.0]
    p = [1e-12, 1e-5, 0.01, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999, 1 - 1e-9]
    positive = [1e-6, 0.02, 0.5, 1.0, 3.3, 12.0, 80.0, 400.0]
    degrees = [0.5, 1, 2, 3.5, 10, 60, 500]
    pairs = [[1, 1], [1, 10], [3, 7], [5.5, 60], [40, 2], [200, 300]]
    shapes = [[0.5, 0.5], [1, 3], [2.5, 9], [60, 40], [400, 3], [0.2, 30]]
    unit = [1e-5, 0.03, 0.4, 0.5, 0.77, 0.9999]
    return {
        "x": x, "p": p, "positive": positive, "degrees": degrees, "pairs": pairs, "shapes": shapes, "unit": unit,
        "normalCdf": [st.norm.cdf(v) for v in x],
        "normalQuantile": [st.norm.ppf(v) for v in p],
        "logGamma": [gammaln(v) for v in positive],
        "chiSquareCdf": [[st.chi2.cdf(v, d) for v in positive] for d in degrees],
        "chiSquareTail": [[st.chi2.sf(v, d) for v in positive] for d in degrees],
        "chiSquareQuantile": [[st.chi2.ppf(v, d) for v in p] for d in degrees],
        "tCdf": [[st.t.cdf(v, d) for v in x] for d in degrees],
        "tQuantile": [[st.t.ppf(v, d) for v in p] for d in degrees],
        "fCdf": [[st.f.cdf(v, a, b) for v in positive] for a, b in pairs],
        "fTail": [[st.f.sf(v, a, b) for v in positive] for a, b in pairs],
        "fQuantile": [[st.f.ppf(v, a, b) for v in p] for a, b in pairs],
        "betaCdf": [[st.beta.cdf(v, a, b) for v in unit] for a, b in shapes],
        "betaQuantile": [[st.beta.ppf(v, a, b) for v in p] for a, b in shapes],
        "kolmogorov": [kolmogorov(v) for v in positive[:5]],
    }


def intervals():
    counts = [[0, 10], [10, 10], [3, 17], [250, 1000], [1, 2], [812, 40000]]
    rows = [[8, 40, 15, 42], [0, 12, 5, 30], [30, 30, 12, 30], [500, 900, 610, 1000]]
    ratios = []
    for a, n, c, m in rows:
        ratios.append(None if a == 0 else list(Table2x2(np.array([[a, n - a], [c, m - c]]), shift_zeros=False).riskratio_confint()))
    return {
        "counts": counts,
        "wilson": [proportion_confint(k, n, method="wilson") for k, n in counts],
        "shares": {
            "rows": rows,
            "newcombe": [confint_proportions_2indep(*row, compare="diff", method="newcomb") for row in rows],
            "katz": ratios,
        },
    }


def tests(rng):
    table = [[12, 5, 29], [7, 14, 3]]
    twos = [[[12, 5], [7, 14]], [[1, 9], [11, 3]], [[0, 6], [4, 2]]]
    small = [rounded(rng.normal(size=6)), rounded(rng.normal(0.8, size=9))]
    ties = [rounded(rng.normal(size=40), 0), rounded(rng.normal(0.4, size=55), 0)]
    large = [rounded(rng.normal(size=70)), rounded(rng.normal(0.3, 1.2, size=90))]
    p_values = rounded(rng.uniform(size=12) ** 3, 6)
    changes = [[5, 14], [0, 4], [30, 52], [13, 12]]
    chi = st.chi2_contingency(table)
    sample = rounded(rng.exponential(size=31), 3)
    return {
        "table": table, "twos": twos, "small": small, "ties": ties, "large": large, "pValues": p_values,
        "changes": changes, "sample": sample, "probabilities": [0, 0.1, 0.25, 0.5, 0.77, 1],
        "chiSquare": [chi.statistic, chi.pvalue, chi.dof],
        "chiSquareYates": [list(st.chi2_contingency(t))[:2] for t in twos],
        "fisher": [st.fisher_exact(t).pvalue for t in twos],
        "ks": [list(st.ks_2samp(*pair, method="exact"))[:2] for pair in (small, ties, large)],
        "mannWhitney": [list(st.mannwhitneyu(*pair, method=how))[:2]
                        for pair, how in ((small, "exact"), (ties, "asymptotic"), (large, "asymptotic"))],
        "mcnemar": [[float(mcnemar([[0, a], [b, 0]], exact=how, correction=True).pvalue) for how in (True, False)]
                    for a, b in changes],
        "holm": multipletests(p_values, method="holm")[1],
        "benjaminiHochberg": multipletests(p_values, method="fdr_bh")[1],
        "quantiles": np.quantile(sample, [0, 0.1, 0.25, 0.5, 0.77, 1]),
        "moments": [sample.mean(), sample.var(), sample.var(ddof=1), st.skew(sample), st.kurtosis(sample)],
    }


def midrank_delong(labels, a, b):
    """DeLong by its definition: mean over all pairs, ties half (no peer package computes the paired test)."""
    positive, negative = labels == 1, labels == 0
    v10, v01 = [], []
    for s in (a, b):
        kernel = (s[positive][:, None] > s[negative][None, :]) + 0.5 * (s[positive][:, None] == s[negative][None, :])
        v10.append(kernel.mean(axis=1))
        v01.append(kernel.mean(axis=0))
    return np.cov(v10) / positive.sum() + np.cov(v01) / negative.sum()


def classification(rng):
    n = 160
    labels = (rng.uniform(size=n) < 0.35).astype(int)
    a = rounded(1 / (1 + np.exp(-(labels * 1.4 - 0.9 + rng.normal(size=n)))), 2)
    b = rounded(np.clip(a + rng.normal(0, 0.2, size=n), 0, 1), 2)
    w = rounded(rng.uniform(0.2, 3, size=n), 2)
    predicted = (a >= 0.5).astype(int)
    out = {"labels": labels, "a": a, "b": b, "weights": w, "delong": midrank_delong(labels, a, b)}
    for name, sample_weight in (("plain", None), ("weighted", w)):
        k = {"sample_weight": sample_weight}
        bins = np.linspace(0, 1, 11)
        at = np.searchsorted(bins[1:-1], a)
        weight = np.ones(n) if sample_weight is None else w
        total = np.bincount(at, weight, 10)
        gaps = np.abs(np.bincount(at, weight * labels, 10) - np.bincount(at, weight * a, 10))
        out[name] = {
            "accuracy": sm.accuracy_score(labels, predicted, **k),
            "balanced_accuracy": sm.balanced_accuracy_score(labels, predicted, **k),
            "precision": sm.precision_score(labels, predicted, **k),
            "recall": sm.recall_score(labels, predicted, **k),
            "f1": sm.f1_score(labels, predicted, **k),
            "f2": sm.fbeta_score(labels, predicted, beta=2, **k),
            "mcc": sm.matthews_corrcoef(labels, predicted, **k),
            "roc_auc": sm.roc_auc_score(labels, a, **k),
            "average_precision": sm.average_precision_score(labels, a, **k),
            "log_loss": sm.log_loss(labels, a, **k),
            "brier": sm.brier_score_loss(labels, a, **k),
            "calibration_error": gaps.sum() / total.sum(),
            "roc": [list(v) for v in sm.roc_curve(labels, a, drop_intermediate=False, **k)[:2]],
            "pr": [list(v) for v in sm.precision_recall_curve(labels, a, **k)[:2]],
            "confusion": sm.confusion_matrix(labels, predicted, **k),
        }
    curve = sklearn.calibration.calibration_curve(labels, a, n_bins=10)
    out["calibration"] = [list(curve[1]), list(curve[0])]
    return out


def multiclass(rng):
    n = 140
    labels = rng.integers(0, 4, size=n)
    scores = rng.dirichlet([0.7] * 4, size=n) + np.eye(4)[labels] * 0.4
    scores = rounded(scores / scores.sum(axis=1, keepdims=True), 3)
    scores[:, 3] = np.round(1 - scores[:, :3].sum(axis=1), 3)
    w = rounded(rng.uniform(0.2, 3, size=n), 2)
    predicted = scores.argmax(axis=1)
    out = {"labels": labels, "scores": scores, "weights": w}
    for name, sample_weight in (("plain", None), ("weighted", w)):
        k = {"sample_weight": sample_weight}
        out[name] = {
            "accuracy": sm.accuracy_score(labels, predicted, **k),
            "balanced_accuracy": sm.balanced_accuracy_score(labels, predicted, **k),
            "precision": sm.precision_score(labels, predicted, average="macro", **k),
            "recall": sm.recall_score(labels, predicted, average="macro", **k),
            "f1": sm.f1_score(labels, predicted, average="macro", **k),
            "mcc": sm.matthews_corrcoef(labels, predicted, **k),
            "roc_auc": np.mean([sm.roc_auc_score(labels == c, scores[:, c], **k) for c in range(4)]),
            "log_loss": sm.log_loss(labels, scores, **k),
            "brier": sm.brier_score_loss(labels, scores, **k),
        }
    return out


def regression(rng):
    n = 90
    y = rounded(rng.normal(20, 6, size=n), 2)
    p = rounded(y + rng.normal(0.3, 3, size=n), 2)
    w = rounded(rng.uniform(0.2, 3, size=n), 2)
    out = {"y": y, "p": p, "weights": w}
    for name, sample_weight in (("plain", None), ("weighted", w)):
        k = {"sample_weight": sample_weight}
        out[name] = {
            "rmse": sm.root_mean_squared_error(y, p, **k),
            "mae": sm.mean_absolute_error(y, p, **k),
            "mape": sm.mean_absolute_percentage_error(y, p, **k),
            "r2": sm.r2_score(y, p, **k),
            "pinball": sm.mean_pinball_loss(y, p, alpha=0.8, **k),
        }
    return out


def linear(rng):
    n, columns = 220, 5
    x = rounded(rng.normal(size=(n, columns)) @ rng.normal(size=(columns, columns)), 3)
    x[:, 3] = (x[:, 3] > 0).astype(float)
    w = rounded(rng.uniform(0.3, 2.5, size=n), 2)
    binary = (rng.uniform(size=n) < 1 / (1 + np.exp(-(0.4 * x[:, 0] - 0.7 * x[:, 3] + 0.3)))).astype(int)
    many = np.argmax(x[:, :3] + rng.gumbel(size=(n, 3)) * 2, axis=1)
    y = rounded(x @ rng.normal(size=columns) + 4 + rng.normal(size=n), 3)
    tight = {"tol": 1e-13, "max_iter": 100_000, "solver": "lbfgs"}
    newton = {"tol": 1e-13, "max_iter": 1000, "solver": "newton-cholesky"}

    def logistic(labels, penalty, weights=None, **options):
        model = LogisticRegression(C=1 / penalty, **{**newton, **options}).fit(x, labels, sample_weight=weights)
        return {"coefficients": model.coef_, "intercepts": model.intercept_, "scores": model.predict_proba(x[:5])}

    unpenalised = sma.Logit(binary, sma.add_constant(x)).fit(disp=0, tol=1e-14)
    multi_unpenalised = sma.MNLogit(many, sma.add_constant(x)).fit(disp=0, method="newton", tol=1e-14)
    covariance = np.asarray(multi_unpenalised.cov_params())
    to_sum_zero = np.array([[-1, -1], [2, -1], [-1, 2]]) / 3
    multi_errors = []
    for j in range(columns + 1):
        at = [j, columns + 1 + j]
        multi_errors.append(np.sqrt(np.diag(to_sum_zero @ covariance[np.ix_(at, at)] @ to_sum_zero.T)))
    ols = sma.OLS(y, sma.add_constant(x)).fit()
    ridge = {}
    for name, weights in (("plain", None), ("weighted", w)):
        model = Ridge(alpha=2.5, solver="cholesky", tol=1e-14).fit(x, y, sample_weight=weights)
        ridge[name] = {"coefficients": model.coef_, "intercept": model.intercept_}
    wide = rounded(rng.normal(size=(6, 9)), 3)
    wide_y = rounded(rng.normal(size=6), 3)
    shortest = sklearn.linear_model.LinearRegression().fit(wide, wide_y)
    return {
        "x": x, "weights": w, "binary": binary, "many": many, "y": y, "wide": wide, "wideY": wide_y,
        "logistic": logistic(binary, 1.0),
        "logisticStrong": logistic(binary, 25.0),
        "logisticWeighted": logistic(binary, 0.5, w),
        "logisticBalanced": logistic(binary, 1.0, class_weight="balanced"),
        "multinomial": logistic(many, 1.0),
        "multinomialLbfgs": logistic(many, 1.0, **tight),
        "multinomialWeighted": logistic(many, 3.0, w),
        "logit": {"parameters": unpenalised.params, "errors": unpenalised.bse},
        "mnlogit": {"parameters": multi_unpenalised.params, "errors": multi_errors},
        "ols": {"parameters": ols.params, "errors": ols.bse},
        "ridge": ridge,
        "shortest": {"coefficients": shortest.coef_, "intercept": shortest.intercept_},
    }


import sklearn.calibration  # noqa: E402

rng = np.random.default_rng(20261121)
write("ml-stats-distributions", distributions())
write("ml-stats-tests", {**intervals(), **tests(rng)})
write("ml-stats-metrics", {"binary": classification(rng), "multiclass": multiclass(rng), "regression": regression(rng)})
write("ml-stats-linear", linear(rng))
