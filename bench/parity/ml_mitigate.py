"""Goldens for engine/ml/mitigate: aif360's and fairlearn's mitigations on seeded data.

usage: ml_mitigate.py FOLDER   writes FOLDER/ml-mitigate*.json
"""
import json
import logging
import sys
import warnings
from pathlib import Path

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

import aif360
import fairlearn
import numpy as np
import pandas as pd
import scipy
import sklearn
from aif360.algorithms.postprocessing import CalibratedEqOddsPostprocessing, RejectOptionClassification
from aif360.algorithms.preprocessing import Reweighing
from aif360.datasets import BinaryLabelDataset
from fairlearn.postprocessing import ThresholdOptimizer
from fairlearn.preprocessing import CorrelationRemover
from fairlearn.reductions import (DemographicParity, EqualizedOdds, ExponentiatedGradient, FalsePositiveRateParity,
                                  GridSearch, TruePositiveRateParity)
import scipy.special
from scipy.optimize import linprog
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(aif360.__file__).parent / "algorithms/inprocessing/kamfadm-2012ecmlpkdd"))
from fadm.lr.pr import LRwPRType4

folder = Path(sys.argv[1])
rng = np.random.default_rng(20261124)
n = 240
group = np.where(rng.uniform(size=n) < 0.6, 1, 0)
third = np.where(rng.uniform(size=n) < 0.25, 2, group)
features = np.round(np.column_stack([rng.normal(size=n) + 0.7 * group, rng.normal(size=n), rng.normal(size=n) - 0.3 * third]), 3)
actual = (features @ [1.1, 0.8, -0.4] + 0.5 * group + rng.normal(size=n) > 0.4).astype(int)
score = np.round(1 / (1 + np.exp(-(features @ [0.9, 0.7, -0.3] + 0.3 * group - 0.3 + 0.3 * rng.normal(size=n)))), 3)
weight = np.round(rng.uniform(0.2, 3, size=n), 2)
privileged, unprivileged = [{"g": 1}], [{"g": 0}]


def write(name, golden):
    peers = {"aif360": aif360.__version__, "fairlearn": fairlearn.__version__, "scikit-learn": sklearn.__version__,
             "scipy": scipy.__version__}
    (folder / f"{name}.json").write_text(json.dumps({"peers": peers, **golden}, indent=1) + "\n")


def dataset(labels, scores=None, weights=None):
    frame = pd.DataFrame({"g": group.astype(float), "y": labels.astype(float)})
    made = BinaryLabelDataset(favorable_label=1.0, unfavorable_label=0.0, df=frame, label_names=["y"],
                              protected_attribute_names=["g"])
    if scores is not None:
        made.scores = np.asarray(scores, dtype=float).reshape(-1, 1)
    if weights is not None:
        made.instance_weights = np.asarray(weights, dtype=float)
    return made


def reweighed(weights):
    fitted = Reweighing(unprivileged_groups=unprivileged, privileged_groups=privileged)
    return fitted.fit_transform(dataset(actual, weights=weights)).instance_weights.tolist()


class Scores(BaseEstimator):
    """Stands for a fitted model: the only feature is the score."""

    fitted_ = True

    def fit(self, x, y):
        return self

    def predict(self, x):
        return np.asarray(x)[:, 0]


def thresholds(constraint, objective, flip, of):
    optimiser = ThresholdOptimizer(estimator=Scores(), constraints=constraint, objective=objective, flip=flip,
                                   prefit=True, predict_method="predict", grid_size=1000)
    x = score.reshape(-1, 1)
    optimiser.fit(x, actual, sensitive_features=of)
    chance = optimiser._pmf_predict(x, sensitive_features=of)[:, 1]
    return {"constraint": constraint, "objective": objective, "flip": flip, "groups": of.tolist(),
            "level": float(optimiser._x_best), "best": float(optimiser._y_best), "chance": np.round(chance, 12).tolist()}


def calibrated(kind, scores):
    fitted = CalibratedEqOddsPostprocessing(unprivileged, privileged, cost_constraint=kind)
    fitted.fit(dataset(actual), dataset(scores >= 0.5, scores))
    return {"kind": kind, "scores": scores.tolist(),
            "shares": [float(fitted.unpriv_mix_rate), float(fitted.priv_mix_rate)],
            "baseRates": [float(fitted.base_rate_unpriv), float(fitted.base_rate_priv)]}


def rejected(metric, bound):
    fitted = RejectOptionClassification(unprivileged, privileged, metric_name=metric, metric_ub=bound, metric_lb=-bound)
    fitted.fit(dataset(actual), dataset(score >= 0.5, score))
    labels = fitted.predict(dataset(score >= 0.5, score)).labels.ravel()
    return {"metric": metric, "bound": bound, "threshold": float(fitted.classification_threshold),
            "margin": float(fitted.ROC_margin), "labels": labels.astype(int).tolist()}


def decorrelated(alpha, sensitive):
    table = np.column_stack([features, sensitive])
    ids = list(range(3, table.shape[1]))
    return {"alpha": alpha, "sensitive": np.asarray(sensitive).reshape(n, -1).tolist(),
            "features": CorrelationRemover(sensitive_feature_ids=ids, alpha=alpha).fit_transform(table).tolist()}


exact = np.round(np.where(group == 1, 0.9 * score + 0.05, score), 4)
shrunk = np.round(np.where(group == 1, 0.5 * score + 0.25, score), 4)
write("ml-mitigate", {
    "group": group.tolist(), "third": third.tolist(), "actual": actual.tolist(), "score": score.tolist(),
    "weight": weight.tolist(), "features": features.tolist(),
    "reweigh": {"plain": reweighed(None), "weighted": reweighed(weight)},
    "thresholds": [
        thresholds("demographic_parity", "accuracy_score", False, group),
        thresholds("demographic_parity", "balanced_accuracy_score", True, third),
        thresholds("true_positive_rate_parity", "accuracy_score", False, third),
        thresholds("false_positive_rate_parity", "balanced_accuracy_score", False, group),
        thresholds("equalized_odds", "accuracy_score", False, third),
        thresholds("equalized_odds", "balanced_accuracy_score", True, group),
    ],
    "calibrated": [calibrated(kind, scores) for kind in ("fnr", "fpr", "weighted") for scores in (score, exact, shrunk)],
    "rejected": [rejected("Statistical parity difference", 0.05), rejected("Average odds difference", 0.08),
                 rejected("Equal opportunity difference", 0.02)],
    "decorrelated": [
        decorrelated(1.0, group.astype(float)),
        decorrelated(0.4, np.column_stack([third == 0, third == 1, third == 2]).astype(float)),
    ],
})


parities = {"demographic-parity": DemographicParity, "equalised-odds": EqualizedOdds,
            "true-positive-parity": TruePositiveRateParity, "false-positive-parity": FalsePositiveRateParity}
learner = LogisticRegression(C=1.0, tol=1e-11, max_iter=100000)


class Scaled(LogisticRegression):
    """Weights of mean 1, as ExponentiatedGradient gives them; GridSearch leaves their size to chance."""

    def fit(self, x, y, sample_weight=None):
        return super().fit(x, y, sample_weight / np.mean(sample_weight))


def gradient(constraint, bound, of):
    fitted = ExponentiatedGradient(learner, parities[constraint](difference_bound=bound))
    fitted.fit(features, actual, sensitive_features=of)
    chance = fitted._pmf_predict(features)[:, 1]
    return {"constraint": constraint, "bound": bound, "groups": of.tolist(), "gap": float(fitted.best_gap_),
            "rounds": int(fitted.last_iter_) + 1, "error": float(np.abs(chance - actual).mean()),
            "chance": np.round(chance, 6).tolist()}


def grid(constraint, size, of):
    order = np.argsort(actual, kind="stable")  # fairlearn counts events and groups as they appear: ours begin with 0
    codes = np.zeros(n, dtype=int)
    codes[order] = pd.factorize(of[order])[0]
    fitted = GridSearch(Scaled(C=1.0, tol=1e-11, max_iter=100000), parities[constraint](), grid_size=size)
    fitted.fit(features[order], actual[order], sensitive_features=codes[order])
    return {"constraint": constraint, "size": size, "groups": codes.tolist(),
            "errors": [float(v) for v in fitted.objectives_], "violations": fitted.gammas_.max().tolist()}


def program(variables, atmost, equal):
    inside = rng.uniform(0.2, 1.5, size=variables)
    a = np.round(rng.normal(size=(atmost, variables)), 2)
    b = np.round(a @ inside + rng.uniform(0, 0.5, size=atmost), 3)
    e = np.round(rng.normal(size=(equal, variables)), 2)
    costs = np.round(rng.uniform(0.1, 1, size=variables), 2)
    found = linprog(costs, A_ub=a, b_ub=b, A_eq=e if equal else None, b_eq=e @ inside if equal else None)
    return {"costs": costs.tolist(), "a": a.tolist(), "b": b.tolist(), "e": e.tolist(), "f": (e @ inside).tolist(),
            "value": float(found.fun), "x": found.x.tolist(), "multipliers": (-found.ineqlin.marginals).tolist()}


def odds(of, false_positive, false_negative):
    decisions = (score >= 0.5).astype(int)
    codes = sorted(set(of.tolist()))
    rate = lambda g, y, d: float(np.mean(decisions[(of == g) & (actual == y)] == d))
    share = lambda g, y, d: float(np.mean((of == g) & (actual == y) & (decisions == d)))
    costs = [false_positive * share(g, 0, d) - false_negative * share(g, 1, d) for g in codes for d in (0, 1)]
    rows = []
    for g in codes[1:]:
        for y in (0, 1):
            rows.append([sign * rate(h, y, d) * (h in (codes[0], g)) for h, sign in
                         [(h, 1 if h == codes[0] else -1) for h in codes] for d in (0, 1)])
    found = linprog(costs, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=(0, 1))
    return {"groups": of.tolist(), "falsePositive": false_positive, "falseNegative": false_negative,
            "loss": float(found.fun + false_negative * actual.mean()), "chances": found.x.tolist()}


def prejudice(strength, penalty, of):
    """Kamishima's objective, its finite differences and its minimum from 0.

    Its own gradient takes the overall rate to move with every group's rows: it is not that of the objective.
    """
    table = np.column_stack([features, np.ones(n)])
    model = LRwPRType4(C=penalty, eta=strength)
    model.n_sfv_, model.n_features_, model.n_samples_ = int(of.max()) + 1, 4, n
    model.c_s_ = np.array([np.sum(of == code) for code in range(model.n_sfv_)], dtype=float)
    point = np.round(rng.normal(size=4 * model.n_sfv_), 3)
    found = scipy.optimize.minimize(model.loss, np.zeros(point.size), jac="3-point", args=(table, actual, of),
                                    method="BFGS", options={"gtol": 1e-6})
    differences = scipy.optimize._numdiff.approx_derivative(model.loss, point, method="3-point",
                                                            args=(table, actual, of))
    own = model.grad_loss(point, table, actual, of)
    return {"strength": strength, "penalty": penalty, "groups": of.tolist(), "point": point.tolist(),
            "value": float(model.loss(point, table, actual, of)),
            "gradient": np.round(differences, 6).tolist(), "peerIsOff": float(np.abs(own - differences).max()),
            "minimum": float(found.fun), "parameters": found.x.tolist()}


write("ml-mitigate-reductions", {
    "actual": actual.tolist(), "features": features.tolist(), "score": score.tolist(),
    "gradient": [gradient("demographic-parity", 0.02, group), gradient("equalised-odds", 0.03, group),
                 gradient("true-positive-parity", 0.02, third), gradient("false-positive-parity", 0.01, group)],
    "grid": [grid("demographic-parity", 7, group), grid("equalised-odds", 10, group),
             grid("demographic-parity", 12, third)],
    "prejudice": [prejudice(1.0, 1.0, group), prejudice(25.0, 0.5, third)],
    "programs": [program(4, 5, 0), program(5, 6, 2), program(8, 4, 3)],
    "odds": [odds(group, 1, 1), odds(group, 1, 4), odds(third, 2, 1)],
})


def representation(prototypes, of, terms):
    """The objective of learned fair representations (Zemel et al. 2013), by whole arrays, and its differences."""
    number = int(of.max()) + 1

    def objective(parameters):
        v = parameters[:3 * prototypes].reshape(prototypes, 3)
        w = 1 / (1 + np.exp(-parameters[3 * prototypes:4 * prototypes]))
        alpha = np.exp(parameters[4 * prototypes:].reshape(number, 3))[of]
        distance = (alpha[:, None, :] * (features[:, None, :] - v[None]) ** 2).sum(axis=2)
        m = scipy.special.softmax(-distance, axis=1)
        guess = m @ w
        gaps = [np.sqrt((m[of == a].mean(axis=0) - m[of == b].mean(axis=0)) ** 2 + 1e-8).sum()
                for a in range(number) for b in range(a + 1, number)]
        return (terms[0] * np.mean((m @ v - features) ** 2) + terms[2] * np.mean(gaps)
                - terms[1] * np.mean(actual * np.log(guess) + (1 - actual) * np.log(1 - guess)))

    point = np.round(rng.normal(size=4 * prototypes + 3 * number), 3)
    slopes = scipy.optimize._numdiff.approx_derivative(objective, point, method="3-point")
    return {"prototypes": prototypes, "groups": of.tolist(), "terms": terms, "point": point.tolist(),
            "value": float(objective(point)), "gradient": np.round(slopes, 8).tolist()}


write("ml-mitigate-learned", {
    "actual": actual.tolist(), "features": features.tolist(),
    "representations": [representation(4, group, [0.3, 1, 0.7]), representation(3, third, [1, 0.5, 2])],
})
