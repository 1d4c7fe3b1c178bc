# group: attack
"""Goldens for engine/ml/attack: gradient attacks in NumPy and by ART, ART's decision and score attacks, spectral signatures.

ART computes in single precision; here its numbers are made double, so that both must agree to the last digits. A victim
that ART knows nothing about stands for a network: one hidden layer in NumPy, weights rounded to single as ours are.

usage: ml_attack.py FOLDER   writes FOLDER/ml-attack.json
"""
import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import art  # noqa: E402
import sklearn  # noqa: E402
from art.attacks.evasion import (  # noqa: E402
    FastGradientMethod,
    HopSkipJump,
    ProjectedGradientDescentNumpy,
    ZooAttack,
)
from art.attacks.inference.model_inversion.mi_face import MIFace  # noqa: E402
from art.estimators import BaseEstimator, LossGradientsMixin  # noqa: E402
from art.estimators.classification.scikitlearn import ScikitlearnLogisticRegression  # noqa: E402
from art.estimators.classification.classifier import ClassGradientsMixin, ClassifierMixin  # noqa: E402
from sklearn.datasets import load_breast_cancer, load_wine  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

for module in list(sys.modules.values()):
    if getattr(module, "ART_NUMPY_DTYPE", None) is np.float32:
        module.ART_NUMPY_DTYPE = np.float64

folder = Path(sys.argv[1])
digits = lambda values: [float(f"{v:.17g}") for v in np.ravel(values)]
softmax = lambda z: np.exp(z - z.max(1, keepdims=True)) / np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True)


class Network(ClassGradientsMixin, ClassifierMixin, LossGradientsMixin, BaseEstimator):
    """tanh(x A + a) B + b: one logit, of class 1."""

    estimator_params = BaseEstimator.estimator_params

    def __init__(self, weights, clip):
        self.parts = weights
        super().__init__(model=None, clip_values=clip)
        self.nb_classes = 2

    input_shape = property(lambda self: (self.parts[0].shape[0],))

    def logits(self, x):
        first, shift, second, offset = self.parts
        self.hidden = np.tanh(x @ first + shift)
        return self.hidden @ second + offset

    def predict(self, x, **_):
        p = 1 / (1 + np.exp(-self.logits(x)[:, 0]))
        return np.column_stack([1 - p, p])

    def loss_gradient(self, x, y, **_):
        first, _shift, second, _offset = self.parts
        away = self.predict(x)[:, 1] - y[:, 1]
        return (away[:, None] * (1 - self.hidden**2) * second[:, 0]) @ first.T

    def class_gradient(self, x, label=None, **_):
        raise NotImplementedError

    def fit(self, x, y, **_):
        raise NotImplementedError

    def get_activations(self, *_):
        raise NotImplementedError

    def save(self, *_):
        raise NotImplementedError


def steepest(norm, slope):
    if norm == "linf":
        return np.sign(slope)
    size = np.linalg.norm(slope, axis=1, keepdims=True)
    return np.divide(slope, size, out=np.zeros_like(slope), where=size > 0)


def climb(gradient, x, radius, length, steps, norm, low, high):
    """Projected gradient ascent from the rows themselves."""
    moved = x.copy()
    for _ in range(steps):
        moved = np.clip(moved + length * steepest(norm, gradient(moved)), low, high)
        gap = moved - x
        if norm == "linf":
            moved = x + np.clip(gap, -radius, radius)
        else:
            size = np.linalg.norm(gap, axis=1, keepdims=True)
            moved = x + gap * np.where(size > radius, radius / np.maximum(size, 1e-300), 1)
    return moved


def load(loader, share, seed):
    data = loader()
    x, others, y, classes = train_test_split(
        data.data, data.target, test_size=share, random_state=seed, stratify=data.target)
    scaler = StandardScaler().fit(x)
    return scaler.transform(x), y, np.round(scaler.transform(others), 6), classes


def gradient_cases(gradient, predict, victim, x, y, shown, low, high):
    cases = []
    for norm, radius in [("linf", 0.1), ("linf", 0.25), ("linf", 0.5), ("l2", 0.5), ("l2", 1.5)]:
        by = lambda rows: gradient(rows, y)
        fast = np.clip(x + radius * steepest(norm, by(x)), low, high)
        slow = climb(by, x, radius, radius / 8, 12, norm, low, high)
        peer = {"norm": np.inf if norm == "linf" else 2, "eps": radius, "batch_size": len(x)}
        art_fast = FastGradientMethod(victim, **peer).generate(x, y=np.eye(victim.nb_classes)[y])
        art_slow = ProjectedGradientDescentNumpy(
            victim, eps_step=radius / 8, max_iter=12, verbose=False, **peer).generate(x, y=np.eye(victim.nb_classes)[y])
        # ART adds 1e-7 to the length of a gradient of norm 2; steps of norm infinity agree to rounding.
        assert np.abs(art_fast - fast).max() < (1e-9 if norm == "linf" else 1e-3), np.abs(art_fast - fast).max()
        accuracy = lambda rows: float((predict(rows) == y).mean())
        cases.append({
            "norm": norm, "radius": radius, "steps": 12, "stepLength": radius / 8,
            "fast": digits(fast[:shown]), "slow": digits(slow[:shown]),
            "fastAccuracy": accuracy(fast), "slowAccuracy": accuracy(slow),
            "artFastAccuracy": accuracy(art_fast), "artSlowAccuracy": accuracy(art_slow),
            "artSlowGap": float(np.abs(art_slow - slow).max()),
        })
    return cases


train_x, train_y, x, y = load(load_breast_cancer, 0.2, 0)
low, high = float(np.floor(x.min())), float(np.ceil(x.max()))
fitted = MLPClassifier((16,), activation="tanh", alpha=1e-2, max_iter=600, random_state=0).fit(train_x, train_y)
weights = [np.float32(part).astype(float) for pair in zip(fitted.coefs_, fitted.intercepts_) for part in pair]
network = Network(weights, (low, high))
one_hot = np.eye(2)
shown = 12
network_cases = gradient_cases(
    lambda rows, classes: network.loss_gradient(rows, one_hot[classes]), lambda rows: network.predict(rows).argmax(1),
    network, x, y, shown, low, high)

wine_train, wine_train_y, wine, wine_y = load(load_wine, 0.3, 1)
multi = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(wine_train, wine_train_y)
wine_low, wine_high = float(np.floor(wine.min())), float(np.ceil(wine.max()))
wine_cases = gradient_cases(
    lambda rows, classes: (softmax(rows @ multi.coef_.T + multi.intercept_) - np.eye(3)[classes]) @ multi.coef_,
    multi.predict, ScikitlearnLogisticRegression(multi, clip_values=(wine_low, wine_high)), wine, wine_y, shown,
    wine_low, wine_high)

# Decision and score attacks on rows that are classified rightly, from a row of the other class.
right = np.flatnonzero(network.predict(x).argmax(1) == y)[:24]
start = np.array([x[np.flatnonzero(network.predict(x).argmax(1) != y[row])[0]] for row in right])
decision = {}
for norm, order in [("l2", 2), ("linf", np.inf)]:
    medians = []
    for seed in range(3):
        np.random.seed(seed)
        attack = HopSkipJump(network, norm=order, max_iter=20, max_eval=1000, init_eval=50, verbose=False)
        found = attack.generate(x[right], x_adv_init=start)
        medians.append(float(np.median(np.linalg.norm(found - x[right], ord=order, axis=1))))
    decision[norm] = medians
zoo = []
for seed in range(2):
    np.random.seed(seed)
    attack = ZooAttack(network, learning_rate=0.05, max_iter=60, binary_search_steps=6, initial_const=1e-2, nb_parallel=10,
                       abort_early=False, use_resize=False, use_importance=False, variable_h=1e-4, verbose=False)
    found = attack.generate(x[right], y=one_hot[y[right]])
    fooled = network.predict(found).argmax(1) != y[right]
    zoo.append({"fooled": float(fooled.mean()),
                "median": float(np.median(np.linalg.norm(found - x[right], axis=1)[fooled]))})

# Model inversion: ART's stopping rule is the paper's turned round, so it is let run for a number of steps.
binary = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(train_x, train_y)
face = MIFace(ScikitlearnLogisticRegression(binary, clip_values=(low, high)), max_iter=60, threshold=2.0,
              learning_rate=0.5, batch_size=2, verbose=False)
inverted = face.infer(np.zeros((2, x.shape[1])), y=np.array([0, 1]))

# Spectral signatures: class 0 of the training rows with a corner of planted ones.
rng = np.random.default_rng(3)
inside = np.round(train_x[train_y == 0][:90], 6)
planted = np.round(train_x[train_y == 1][:10] + 0.1 * rng.normal(size=(10, x.shape[1])), 6)
planted[:, :3] = 3.0
spectral_x = np.vstack([inside, planted])
centred = spectral_x - spectral_x.mean(0)
spectral_scores = (centred @ np.linalg.svd(centred, full_matrices=False)[2][0]) ** 2

golden = {
    "peers": {"adversarial-robustness-toolbox": art.__version__, "numpy": np.__version__,
              "scikit-learn": sklearn.__version__},
    "network": {"inputs": x.shape[1], "hidden": 16, "parameters": digits(np.concatenate([w.ravel() for w in weights])),
                "x": digits(x), "classOf": y.tolist(), "low": low, "high": high, "shown": shown,
                "accuracy": float((network.predict(x).argmax(1) == y).mean()),
                "probabilities": digits(network.predict(x[:shown])[:, 1]), "cases": network_cases},
    "wine": {"coefficients": [digits(row) for row in multi.coef_], "intercepts": digits(multi.intercept_),
             "x": digits(wine), "classOf": wine_y.tolist(), "low": wine_low, "high": wine_high, "shown": shown,
             "columns": wine.shape[1], "cases": wine_cases},
    "decision": {"rows": right.tolist(), "medians": decision, "zoo": zoo},
    "inversion": {"coefficients": digits(binary.coef_), "intercept": float(binary.intercept_[0]),
                  "steps": 60, "rate": 0.5, "rows": digits(inverted)},
    "spectral": {"columns": x.shape[1], "x": digits(spectral_x), "scores": digits(spectral_scores)},
}
(folder / "ml-attack.json").write_text(json.dumps(golden) + "\n")
