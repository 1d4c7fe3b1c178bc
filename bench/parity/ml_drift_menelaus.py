# group: menelaus
"""Goldens for the batch and labelled detectors of engine/ml/drift: menelaus on seeded data.

usage: ml_drift_menelaus.py FOLDER   writes FOLDER/ml-drift-menelaus.json
"""
import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from menelaus.concept_drift import MD3, LinearFourRates
from menelaus.data_drift import HDDDM
from sklearn.base import BaseEstimator
from sklearn.model_selection import KFold

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
rng = np.random.default_rng(20261122)


def bits(rate, length):
    return (rng.uniform(size=length) < rate).astype(int)


def text(values):
    return "".join(str(int(value)) for value in values)


def hundredths(values):
    return " ".join(str(int(value)) for value in np.round(np.asarray(values) * 100).ravel())


def hellinger(columns, rows, shifts, options):
    """Reference of 2 x rows, then a batch of rows a shift; the state and figures after each."""
    reference = np.round(rng.normal(size=(2 * rows, columns)), 2)
    batches = [np.round(rng.normal(size=(rows, columns)) * (1 + 0.2 * (shift > 2)) + shift, 2) for shift in shifts]
    detector = HDDDM(detect_batch=3, **options)
    detector.set_reference(pd.DataFrame(reference))
    out = {"columns": columns, "reference": hundredths(reference), "batches": [hundredths(b) for b in batches],
           "states": [], "distances": [], "thresholds": []}
    for index, batch in enumerate(batches):
        detector.update(pd.DataFrame(batch))
        out["states"].append(detector.drift_state or "none")
        out["distances"].append(float(detector.current_distance))
        out["thresholds"].append(float(detector.thresholds.get(index + 1, 0)))
    return out


class Signals(BaseEstimator):
    """Stands for a classifier: the columns of a row say whether it is inside the margin and classified right."""

    def fit(self, x, y):
        return self

    def predict(self, x):
        return np.asarray(x)[:, 1]


def folds(frame, k):
    splits = KFold(n_splits=k, random_state=42, shuffle=True).split(frame)
    return [{"inside": text(frame.iloc[test]["inside"]), "right": text(frame.iloc[test]["right"])} for _, test in splits]


def labelled(inside, right):
    return pd.DataFrame({"inside": inside, "right": right, "truth": 1})


def margins():
    reference = labelled(bits(0.2, 200), bits(0.9, 200))
    detector = MD3(Signals(), margin_calculation_function=lambda self, sample, clf: int(sample[0]), k=5,
                   sensitivity=2, oracle_data_length_required=60)
    detector.set_reference(reference, target_name="truth")
    phases = []
    for rate, accuracy in ((0.7, 0.92), (0.25, 0.9), (0.8, 0.5), (0.05, 0.97)):
        phase = {"folds": folds(reference, 5), "reference": {k: float(v) for k, v in detector.reference_distribution.items()}}
        signals, density = [], []
        for inside in np.concatenate([bits(phase["reference"]["md"], 40), bits(rate, 2000)]):
            detector.update(pd.DataFrame({"inside": [inside], "right": [1]}))
            signals.append(inside)
            density.append(float(detector.curr_margin_density))
            if detector.drift_state == "warning":
                break
        reference = labelled(bits(rate, 60), bits(accuracy, 60))
        for row in range(60):
            detector.give_oracle_label(reference.iloc[[row]])
        phases.append({**phase, "signals": text(signals), "density": density[-1], "labels": text(reference["right"]),
                       "state": detector.drift_state or "none"})
    return phases


def four_rates():
    np.random.seed(7)
    truth = bits(0.4, 400)
    predicted = np.where(bits(0.8, 400) == 1, truth, 1 - truth)
    detector = LinearFourRates(burn_in=10**9)
    shares = []
    for index, (y, p) in enumerate(zip(truth, predicted)):
        detector.update(y, p)
        if index % 50 == 49:
            shares.append([float(detector._r_stat[index + 1][rate]) for rate in ("tpr", "tnr", "ppv", "npv")])
    bounds = []
    for fading, rate, updates in ((0.9, 0.8, 12), (0.9, 0.8, 60), (0.9, 0.95, 60), (0.9, 0.3, 100), (0.97, 0.85, 150)):
        peer = LinearFourRates(time_decay_factor=fading, warning_level=0.05, detect_level=0.01, num_mc=8000)
        found = peer._sim_bounds(rate, updates)
        limits = [float(found[name]) for name in ("lb_detect", "lb_warn", "ub_warn", "ub_detect")]
        bounds.append({"fading": fading, "rate": rate, "updates": updates, "bounds": limits})
    return {"truth": text(truth), "predicted": text(predicted), "shares": shares, "bounds": bounds}


golden = {
    "peers": {"menelaus": version("menelaus")},
    "hellinger": [
        {"options": {}, **hellinger(2, 60, [0] * 9 + [1.5] * 7 + [3] * 5, {})},
        {"options": {"threshold": "deviations", "level": 1.5},
         **hellinger(1, 90, [0] * 6 + [0.6] * 6, {"statistic": "stdev", "significance": 1.5})},
    ],
    "margins": margins(),
    "fourRates": four_rates(),
}
(folder / "ml-drift-menelaus.json").write_text(json.dumps(golden, indent=1) + "\n")
