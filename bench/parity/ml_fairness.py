"""Goldens for engine/ml/fairness: numbers of aif360 and Fairlearn on seeded data.

usage: ml_fairness.py FOLDER   writes FOLDER/ml-fairness.json
aif360's generalized_entropy_index(alpha=0) divides by the mean benefit once too often; the value here is the paper's.
"""
import json
import logging
import math
import sys
import warnings
from pathlib import Path

logging.disable(logging.WARNING)
warnings.filterwarnings("ignore")

import aif360
import fairlearn
import numpy as np
import pandas as pd
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import BinaryLabelDatasetMetric, ClassificationMetric
from fairlearn import metrics as fm
from sklearn.metrics import accuracy_score, precision_score

folder = Path(sys.argv[1])
peers = {"aif360": "0.6.1", "fairlearn": fairlearn.__version__}


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


def make(rows=400):
    random = np.random.default_rng(5)
    group = random.choice(["a", "b", "c"], size=rows, p=[0.5, 0.3, 0.2])
    shift = pd.Series(group).map({"a": 0.5, "b": 0.0, "c": -0.6}).to_numpy()
    features = np.round(random.normal(size=(rows, 3)), 4)
    signal = features[:, 0] + shift
    actual = (signal + random.normal(size=rows) > 0).astype(int)
    score = np.round(1 / (1 + np.exp(-(signal + 0.3 * random.normal(size=rows)))), 4)
    weight = np.round(random.uniform(0.2, 3, size=rows), 3)
    return group, features, actual, score, weight


def two_groups(group, features, actual, predicted, weight):
    """aif360: signed, group b unprivileged against a, rows of c left out."""
    keep = group != "c"
    frame = pd.DataFrame(features[keep], columns=["x", "y", "z"])
    frame["g"] = (group[keep] == "a").astype(float)
    frame["w"] = weight[keep]

    def dataset(labels):
        return BinaryLabelDataset(
            df=frame.assign(label=labels[keep].astype(float)), label_names=["label"],
            protected_attribute_names=["g"], instance_weights_name="w", favorable_label=1, unfavorable_label=0)

    truth, decided = dataset(actual), dataset(predicted)
    sides = {"unprivileged_groups": [{"g": 0}], "privileged_groups": [{"g": 1}]}
    m = ClassificationMetric(truth, decided, **sides)
    rates = {}
    for name, privileged in (("a", True), ("b", False)):
        rates[name] = {
            "rate": number(m.selection_rate(privileged)),
            "truePositiveRate": number(m.true_positive_rate(privileged)),
            "falsePositiveRate": number(m.false_positive_rate(privileged)),
            "precision": number(m.positive_predictive_value(privileged)),
            "falseOmissionRate": number(m.false_omission_rate(privileged)),
            "accuracy": number(m.accuracy(privileged)),
        }
    labels = BinaryLabelDatasetMetric(decided, **sides)
    return {
        "rates": rates,
        "ratio": number(m.disparate_impact()),
        "difference": number(m.statistical_parity_difference()),
        "equalOpportunity": number(m.equal_opportunity_difference()),
        "averageOdds": number(m.average_odds_difference()),
        "theil": number(m.theil_index()),
        "entropy2": number(m.generalized_entropy_index(alpha=2)),
        "entropyHalf": number(m.generalized_entropy_index(alpha=0.5)),
        "consistency": number(labels.consistency(n_neighbors=5)[0]),
    }


def no_loss(actual):
    """Decisions that never harm anyone, so that alpha = 0 is defined: -mean(ln(b / mean b))."""
    favourable = np.maximum(actual, (np.arange(len(actual)) % 5 == 0).astype(int))
    benefit = 1.0 + favourable - actual
    return {"favourable": favourable.tolist(), "entropy0": number(-np.mean(np.log(benefit / benefit.mean())))}


def many_groups(group, actual, predicted, weight):
    """Fairlearn over all three groups."""
    inputs = {"y_true": actual, "y_pred": predicted, "sensitive_features": group, "sample_weight": weight}
    frame = fm.MetricFrame(
        metrics={
            "rate": fm.selection_rate, "truePositiveRate": fm.true_positive_rate,
            "falsePositiveRate": fm.false_positive_rate, "precision": precision_score, "accuracy": accuracy_score,
        },
        y_true=actual, y_pred=predicted, sensitive_features=group,
        sample_params={key: {"sample_weight": weight} for key in
                       ("rate", "truePositiveRate", "falsePositiveRate", "precision", "accuracy")})
    return {
        "byGroup": {g: {k: number(v) for k, v in row.items()} for g, row in frame.by_group.to_dict("index").items()},
        "parity": number(fm.demographic_parity_difference(**inputs)),
        "ratio": number(fm.demographic_parity_ratio(**inputs)),
        "equalOpportunity": number(fm.equal_opportunity_difference(**inputs)),
        "equalisedOdds": number(fm.equalized_odds_difference(**inputs)),
    }


group, features, actual, score, weight = make()
predicted = (score >= 0.5).astype(int)
ones = np.ones_like(weight)
golden = {
    "peers": peers,
    "group": group.tolist(), "features": features.tolist(), "actual": actual.tolist(), "score": score.tolist(),
    "weight": weight.tolist(), "noLoss": no_loss(actual),
    "two": {"plain": two_groups(group, features, actual, predicted, ones),
            "weighted": two_groups(group, features, actual, predicted, weight)},
    "many": {"plain": many_groups(group, actual, predicted, ones),
             "weighted": many_groups(group, actual, predicted, weight)},
}
(folder / "ml-fairness.json").write_text(json.dumps(golden) + "\n")
