"""The mitigations of fairlearn and aif360 on a prepared table: peer.py FOLDER, one JSON object by our keys.

FOLDER holds train.f64 and test.f64 (row-major, the last column is sex, 1 = male), their .actual files (one byte a row)
and shape.json. Each value is a favourable decision's chance for every test row, or a text that says why there is none.
"""
import contextlib
import io
import json
import logging
import os
import sys
import time
import warnings
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

import numpy as np
import pandas as pd
import aif360
from aif360.algorithms.inprocessing import AdversarialDebiasing
from aif360.algorithms.postprocessing import (CalibratedEqOddsPostprocessing, EqOddsPostprocessing,
                                              RejectOptionClassification)
from aif360.algorithms.preprocessing import LFR, DisparateImpactRemover, Reweighing
from aif360.datasets import BinaryLabelDataset
from fairlearn.postprocessing import ThresholdOptimizer
from fairlearn.preprocessing import CorrelationRemover
from fairlearn.reductions import DemographicParity, EqualizedOdds, ExponentiatedGradient, GridSearch
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(aif360.__file__).parent / "algorithms/inprocessing/kamfadm-2012ecmlpkdd"))
from fadm.lr.pr import LRwPRType4

folder = Path(sys.argv[1])
wanted = sys.argv[2:]
shape = json.loads((folder / "shape.json").read_text())
columns = shape["columns"]
x, z = (np.fromfile(folder / f"{part}.f64").reshape(-1, columns) for part in ("train", "test"))
y, w = (np.fromfile(folder / f"{part}.actual", dtype=np.uint8).astype(int) for part in ("train", "test"))
sex, sex_z = x[:, -1].astype(int), z[:, -1].astype(int)
names = [f"c{i}" for i in range(columns - 1)] + ["sex"]
privileged, unprivileged = [{"sex": 1}], [{"sex": 0}]
draws = 20


def logistic():
    return LogisticRegression(C=1.0, max_iter=5000)


base = logistic().fit(x, y)
scores, scores_z = base.predict_proba(x)[:, 1], base.predict_proba(z)[:, 1]


def dataset(table, labels, chances=None):
    frame = pd.DataFrame(table, columns=names)
    frame["y"] = np.asarray(labels, dtype=float)
    made = BinaryLabelDataset(favorable_label=1.0, unfavorable_label=0.0, df=frame, label_names=["y"],
                              protected_attribute_names=["sex"])
    if chances is not None:
        made.scores = np.asarray(chances, dtype=float).reshape(-1, 1)
    return made


def reweighing():
    weights = Reweighing(unprivileged, privileged).fit_transform(dataset(x, y)).instance_weights
    return logistic().fit(x, y, weights).predict(z)


def impact():
    numeric = shape["numeric"]

    def repaired(table, labels):
        frame = pd.DataFrame(table[:, numeric + [columns - 1]], columns=[names[i] for i in numeric] + ["sex"])
        frame["y"] = labels.astype(float)
        made = BinaryLabelDataset(df=frame, label_names=["y"], protected_attribute_names=["sex"])
        out = table.copy()
        out[:, numeric] = DisparateImpactRemover(1.0, "sex").fit_transform(made).features[:, :-1]
        return out[:, :-1]

    return logistic().fit(repaired(x, y), y).predict(repaired(z, w))


def correlation():
    remover = CorrelationRemover(sensitive_feature_ids=[columns - 1]).fit(x)
    return logistic().fit(remover.transform(x), y).predict(remover.transform(z))


def gradient(constraint):
    fitted = ExponentiatedGradient(logistic(), constraint())
    fitted.fit(x, y, sensitive_features=sex)
    return fitted._pmf_predict(z)[:, 1]


def grid():
    fitted = GridSearch(logistic(), DemographicParity(), grid_size=20)
    fitted.fit(x, y, sensitive_features=sex)
    return fitted.predict(z)


def thresholds(constraint):
    fitted = ThresholdOptimizer(estimator=logistic(), constraints=constraint, predict_method="predict_proba")
    fitted.fit(x, y, sensitive_features=sex)
    return fitted._pmf_predict(z, sensitive_features=sex_z)[:, 1]


def drawn(make):
    given = dataset(x, scores > 0.5, scores), dataset(z, scores_z > 0.5, scores_z)
    total = np.zeros(len(w))
    for seed in range(draws):
        fitted = make(seed).fit(dataset(x, y, scores), given[0])
        total += fitted.predict(given[1]).labels.ravel()
    return total / draws


def calibrated(cost):
    return drawn(lambda seed: CalibratedEqOddsPostprocessing(unprivileged, privileged, cost_constraint=cost, seed=seed))


def reject():
    fitted = RejectOptionClassification(unprivileged, privileged, metric_name="Statistical parity difference")
    fitted.fit(dataset(x, y, scores), dataset(x, scores > 0.5, scores))
    return fitted.predict(dataset(z, scores_z > 0.5, scores_z)).labels.ravel()


def prejudice():
    model = LRwPRType4(C=1.0, eta=25.0)
    model.fit(x, y, 1, itype=0)
    return model.predict_proba(z)[:, 1] > 0.5


def representation():
    fitted = LFR(unprivileged, privileged, seed=0, verbose=0).fit(dataset(x, y), maxfun=5000)
    return fitted.transform(dataset(z, w)).labels.ravel()


def adversarial():
    import tensorflow.compat.v1 as tf
    tf.disable_eager_execution()
    tf.reset_default_graph()
    with tf.Session() as session:
        model = AdversarialDebiasing(unprivileged, privileged, scope_name="debiased", sess=session, seed=0)
        return model.fit(dataset(x, y)).predict(dataset(z, w)).labels.ravel()


peers = {
    "none": lambda: base.predict(z),
    "reweighing": reweighing,
    "impact": impact,
    "correlation": correlation,
    "gradient-parity": lambda: gradient(DemographicParity),
    "gradient-odds": lambda: gradient(EqualizedOdds),
    "grid": grid,
    "threshold-parity": lambda: thresholds("demographic_parity"),
    "threshold-odds": lambda: thresholds("equalized_odds"),
    "odds": lambda: drawn(lambda seed: EqOddsPostprocessing(unprivileged, privileged, seed=seed)),
    "calibrated": lambda: calibrated("weighted"),
    "calibrated-negatives": lambda: calibrated("fnr"),
    "reject": reject,
    "prejudice": prejudice,
    "representation": representation,
    "adversarial-odds": adversarial,
}
answers = {}
for key, peer in peers.items():
    if wanted and key not in wanted:
        continue
    start = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            answers[key] = np.round(np.asarray(peer(), dtype=float), 6).tolist()
    except Exception as error:
        answers[key] = f"{type(error).__name__}: {error}"[:200]
    print(f"{key} {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
print(json.dumps(answers))
