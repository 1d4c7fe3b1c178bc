# group: attack
"""Goldens for membership inference in engine/ml/attack: a forest, its shadows, and what ART and scikit-learn make of it.

usage: ml_attack_membership.py FOLDER   writes FOLDER/ml-attack-membership.json
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
from art.attacks.inference.membership_inference import (  # noqa: E402
    MembershipInferenceBlackBox,
    MembershipInferenceBlackBoxRuleBased,
)
from art.estimators.classification.scikitlearn import ScikitlearnRandomForestClassifier  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402
from sklearn.ensemble import RandomForestClassifier  # noqa: E402
from sklearn.metrics import roc_auc_score, roc_curve  # noqa: E402

folder = Path(sys.argv[1])
size, shadows = 500, 4
x, y = make_classification(n_samples=2 * size * (1 + shadows), n_features=12, n_informative=8, flip_y=0.1, class_sep=0.8,
                           random_state=11)


def forest(part, seed):
    return RandomForestClassifier(50, min_samples_leaf=5, random_state=seed, n_jobs=1).fit(x[part], y[part])


def seen(model, part):
    return {"yes": [round(float(p), 9) for p in model.predict_proba(x[part])[:, 1]], "classOf": y[part].tolist()}


parts = [np.arange(size * k, size * (k + 1)) for k in range(2 * (1 + shadows))]
models = [forest(parts[2 * k], k) for k in range(1 + shadows)]
victim, inside, outside = models[0], parts[0], parts[1]
truth = np.repeat([1, 0], size)
both = np.concatenate([inside, outside])
own = np.round(victim.predict_proba(x[both]), 9)[np.arange(2 * size), y[both]]
rates = roc_curve(truth, own, drop_intermediate=False)
at = lambda limit: float(max(t for f, t in zip(rates[0], rates[1]) if f <= limit))

estimator = ScikitlearnRandomForestClassifier(victim)
attack = MembershipInferenceBlackBox(estimator, attack_model_type="rf", attack_model=None)
half = size // 2
np.random.seed(0)
attack.attack_model.random_state = 0
attack.fit(x[inside[:half]], y[inside[:half]], x[outside[:half]], y[outside[:half]])
rest = np.concatenate([inside[half:], outside[half:]])
black = attack.infer(x[rest], y[rest], probabilities=True)
rule = MembershipInferenceBlackBoxRuleBased(estimator).infer(x[both], y[both])

golden = {
    "peers": {"adversarial-robustness-toolbox": art.__version__, "scikit-learn": sklearn.__version__},
    "victim": {"members": seen(victim, inside), "others": seen(victim, outside)},
    "shadows": [{"members": seen(models[k], parts[2 * k]), "others": seen(models[k], parts[2 * k + 1])}
                for k in range(1, 1 + shadows)],
    "loss": {"auc": float(roc_auc_score(truth, own)), "at": [[limit, at(limit)] for limit in (0.001, 0.01, 0.1)],
             "advantage": float(np.max(rates[1] - rates[0]))},
    "ruleAccuracy": float((rule == truth).mean()),
    "blackBoxAuc": float(roc_auc_score(np.repeat([1, 0], size - half), black[:, -1])),
}
(folder / "ml-attack-membership.json").write_text(json.dumps(golden) + "\n")
