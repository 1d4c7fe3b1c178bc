"""The nine stages as a careful data scientist writes them: pandas, scikit-learn, LightGBM, PyTorch, Optuna, onnxruntime, shap,
fairlearn. Prints its figures as JSON.
"""
import json
import logging
import sys
import tempfile
import time
import warnings
from itertools import combinations
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import joblib
import lightgbm
import numpy as np
import onnxruntime
import optuna
import pandas as pd
import shap
import torch
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, equalized_odds_difference, selection_rate, true_positive_rate
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from scipy.stats import chi2_contingency, hypergeom
from sklearn.calibration import calibration_curve
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectPercentile, VarianceThreshold, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score, average_precision_score, balanced_accuracy_score, brier_score_loss, f1_score, log_loss, matthews_corrcoef,
    precision_recall_curve, precision_score, recall_score, roc_auc_score, roc_curve,
)
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

optuna.logging.set_verbosity(optuna.logging.WARNING)
torch.set_num_threads(1)
out = Path(tempfile.mkdtemp())

# 1 ingest, 2 validate
table = pd.read_csv(sys.argv[1])
left_out = ["age", "postcode", "employment", "age_group", "sex", "applicant", "approved"]
features = [c for c in table.columns if c not in left_out]
profile = {c: {"missing": int(table[c].isna().sum()), "distinct": int(table[c].nunique())} for c in table.columns}
described = table.describe(include="all")
numbers = table[features].select_dtypes("number").columns.tolist()
texts = [c for c in features if c not in numbers]
histograms = {c: np.histogram(table[c].dropna(), bins=20)[0].tolist() for c in numbers}
for column in texts:
    assert table[column].map(lambda v: isinstance(v, str) or pd.isna(v)).all()
y = (table["approved"] == "yes").to_numpy()
rest, test = train_test_split(np.arange(len(table)), test_size=0.2, stratify=y, random_state=1)
train, validation = train_test_split(rest, test_size=0.25, stratify=y[rest], random_state=1)

# 3 select: constants, twins, what a forest hardly uses, then the best nine tenths by F
ordinal = table[features].apply(lambda c: c.fillna(c.median()) if c.name in numbers else c.astype("category").cat.codes).iloc[train]
kept = [c for c, stays in zip(features, VarianceThreshold().fit(ordinal).get_support()) if stays]
r = ordinal[kept].corr().abs().to_numpy()
kept = [c for i, c in enumerate(kept) if not (r[i, :i] >= 0.95).any()]
forest = RandomForestClassifier(40, n_jobs=2, random_state=1).fit(ordinal[kept], y[train])
kept = [c for c, share in zip(kept, forest.feature_importances_ * len(kept)) if share >= 0.1]
best = SelectPercentile(f_classif, percentile=90).fit(ordinal[kept], y[train]).get_support()
features = [c for c, stays in zip(kept, best) if stays]
numbers, texts = ([c for c in features if c in of] for of in (numbers, texts))

# 3 prepare, 4 train
prepare = ColumnTransformer([
    ("number", Pipeline([("impute", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())]), numbers),
    ("text", Pipeline([("impute", SimpleImputer(strategy="most_frequent")), ("encode", OneHotEncoder(handle_unknown="ignore", min_frequency=0.01, sparse_output=False))]), texts),
])
linear = Pipeline([("prepare", prepare), ("learn", LogisticRegression(C=1.0, max_iter=1000, tol=1e-8))]).fit(table[features].iloc[train], y[train])
baseline = DummyClassifier(strategy="prior").fit(table[features].iloc[train], y[train])
coded = table[features].astype({c: "category" for c in texts})
monotone = [1 if c == "income" else -1 if c == "debt_ratio" else 0 for c in features]
trees = lightgbm.LGBMClassifier(n_estimators=100, monotone_constraints=monotone, verbose=-1, n_jobs=2)
trees.fit(coded.iloc[train], y[train], eval_set=[(coded.iloc[validation], y[validation])], callbacks=[lightgbm.early_stopping(20, verbose=False)])

# 5 search: sixteen networks of at most 50 kB trained a little, the best two in full
x = {name: linear[:-1].transform(table[features].iloc[rows]).astype(np.float32) for name, rows in (("train", train), ("validation", validation), ("test", test))}
few = np.random.default_rng(1).choice(len(train), len(train) // 4, replace=False)


def fit(layers, rate, decay, epochs, rows):
    torch.manual_seed(1)
    sizes = [x["train"].shape[1], *layers]
    stack = [part for a, b in zip(sizes, sizes[1:]) for part in (torch.nn.Linear(a, b), torch.nn.ReLU())]
    model = torch.nn.Sequential(*stack, torch.nn.Linear(sizes[-1], 1))
    features, labels = torch.from_numpy(x["train"][rows]), torch.from_numpy(y[train][rows].astype(np.float32))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, weight_decay=decay)
    loss = torch.nn.BCEWithLogitsLoss()
    for _ in range(epochs):
        for some in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            loss(model(features[some])[:, 0], labels[some]).backward()
            optimizer.step()
    return model.eval()


def accuracy(model):
    with torch.no_grad():
        return accuracy_score(y[validation], (model(torch.from_numpy(x["validation"]))[:, 0] > 0).numpy())


def proposal(trial):
    layers = [trial.suggest_categorical(f"units{i}", [8, 16, 32, 64, 128]) for i in range(trial.suggest_int("layers", 1, 3))]
    return layers, trial.suggest_float("rate", 1e-4, 1e-2, log=True), trial.suggest_float("alpha", 1e-6, 1e-2, log=True)


def objective(trial):
    layers, rate, alpha = proposal(trial)
    sizes = [x["train"].shape[1], *layers, 1]
    if sum((a + 1) * b for a, b in zip(sizes, sizes[1:])) * 4 > 50_000:
        raise optuna.TrialPruned()
    return accuracy(fit(layers, rate, alpha, 3, few))


study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=1))
study.optimize(objective, n_trials=16)
done = sorted((t for t in study.trials if t.value is not None), key=lambda t: -t.value)[:2]
finalists = [fit(*proposal(optuna.trial.FixedTrial(t.params)), 12, np.arange(len(train))) for t in done]
net = max(finalists, key=accuracy)

# 6 quantize and measure
whole = torch.nn.Sequential(net, torch.nn.Sigmoid())
torch.onnx.export(whole, torch.from_numpy(x["train"][:2]), str(out / "net.onnx"), input_names=["x"], dynamic_axes={"x": {0: "n"}}, opset_version=17)


class Rows(CalibrationDataReader):
    def __init__(self):
        self.rows = iter([{"x": x["train"][i : i + 50]} for i in range(0, 500, 50)])

    def get_next(self):
        return next(self.rows, None)


quantize_static(str(out / "net.onnx"), str(out / "small.onnx"), Rows(), quant_format=QuantFormat.QDQ, per_channel=True, weight_type=QuantType.QInt8, activation_type=QuantType.QInt8)
small = onnxruntime.InferenceSession(str(out / "small.onnx"))
calls = {
    "linear": lambda rows: linear.predict_proba(table[features].iloc[test[:rows]]),
    "trees": lambda rows: trees.predict_proba(coded.iloc[test[:rows]]),
    "network": lambda rows: small.run(None, {"x": x["test"][:rows]}),
}
latency = {}
for name, call in calls.items():
    for rows in (1, 256):
        took = []
        for _ in range(55):
            begun = time.perf_counter()
            call(rows)
            took.append(time.perf_counter() - begun)
        latency[f"{name} {rows}"] = float(np.quantile(took[5:], 0.95))

# 7 evaluate, slices, fairness
held, truth = table.iloc[test], y[test]
scores = {
    "linear": linear.predict_proba(table[features].iloc[test])[:, 1],
    "trees": trees.predict_proba(coded.iloc[test])[:, 1],
    "network": small.run(None, {"x": x["test"]})[0][:, 0],
    "baseline": baseline.predict_proba(table[features].iloc[test])[:, 1],
}


def calibration_error(t, s):
    bins = np.minimum((s * 10).astype(int), 9)
    return sum(abs(s[bins == b].mean() - t[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins))


metrics = {
    "roc_auc": roc_auc_score, "average_precision": average_precision_score, "log_loss": log_loss, "brier": brier_score_loss,
    "accuracy": lambda t, s: accuracy_score(t, s >= 0.5), "balanced_accuracy": lambda t, s: balanced_accuracy_score(t, s >= 0.5),
    "mcc": lambda t, s: matthews_corrcoef(t, s >= 0.5), "precision": lambda t, s: precision_score(t, s >= 0.5, zero_division=0),
    "recall": lambda t, s: recall_score(t, s >= 0.5), "f1": lambda t, s: f1_score(t, s >= 0.5, zero_division=0),
    "calibration_error": calibration_error,
}
figures = {f"{name} {metric}": float(of(truth, score)) for name, score in scores.items() for metric, of in metrics.items()}


def resampled(t, s):
    """The same figures of many resamples [draws, rows] at once, but for the two that rank."""
    yes = s >= 0.5
    tp, tn, fp, fn = ((a & b).sum(axis=1).astype(float) for a, b in ((t, yes), (~t, ~yes), (~t, yes), (t, ~yes)))
    bins = np.minimum((s * 10).astype(int), 9)
    return {
        "roc_auc": [roc_auc_score(a, b) for a, b in zip(t, s)],
        "average_precision": [average_precision_score(a, b) for a, b in zip(t, s)],
        "log_loss": -np.log(np.where(t, s, 1 - s)).mean(axis=1),
        "brier": ((s - t) ** 2).mean(axis=1),
        "accuracy": (tp + tn) / t.shape[1],
        "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
        "mcc": (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "calibration_error": sum(abs(((s - t) * (bins == b)).sum(axis=1)) for b in range(10)) / t.shape[1],
    }


samples = np.random.default_rng(1).integers(0, len(test), (500, len(test)))
draws = resampled(truth[samples], scores["linear"][samples])
intervals = {metric: np.nanquantile(values, [0.025, 0.975]).tolist() for metric, values in draws.items()}
curves = {
    "roc": np.column_stack(roc_curve(truth, scores["linear"])[:2]), "precision": np.column_stack(precision_recall_curve(truth, scores["linear"])[:2]),
    "calibration": np.column_stack(calibration_curve(truth, scores["linear"], n_bins=10)),
}
said = scores["linear"] >= 0.5
wrong = said != truth
cuts = pd.DataFrame({"wrong": wrong})
for column in [*features, "age", "age_group", "sex", "postcode", "employment"]:
    cut = pd.api.types.is_numeric_dtype(held[column]) and held[column].nunique() > 12
    cuts[column] = (pd.qcut(held[column], 4, duplicates="drop").astype(str) if cut else held[column].astype(str)).to_numpy()
slices = []
for columns in [*([c] for c in cuts.columns[1:]), *map(list, combinations(cuts.columns[1:], 2))]:
    found = cuts.groupby(columns)["wrong"].agg(["size", "mean"])
    found = found[(found["size"] >= 30) & (found["size"] < len(cuts))].reset_index(drop=True)
    slices.append(found.assign(columns=" x ".join(columns)))
slices = pd.concat(slices, ignore_index=True)
found = (slices["mean"] * slices["size"]).round().astype(int)
slices["p"] = hypergeom.sf(found - 1, len(wrong), wrong.sum(), slices["size"])
slices = slices.sort_values("p", ignore_index=True)
slices["holm"] = np.maximum.accumulate(np.minimum(1, slices["p"] * np.arange(len(slices), 0, -1)))
fairness = {}
for column in ["age_group", "sex"]:
    frame = MetricFrame(metrics={"rate": selection_rate, "tpr": true_positive_rate}, y_true=truth, y_pred=said, sensitive_features=held[column])
    fairness[column] = {
        "rates": frame.by_group["rate"].to_dict(),
        "ratio": demographic_parity_ratio(truth, said, sensitive_features=held[column]),
        "equalised_odds": equalized_odds_difference(truth, said, sensitive_features=held[column]),
    }
both = held["age_group"].astype(str) + " x " + held["sex"].astype(str)
near = NearestNeighbors(n_neighbors=6).fit(linear[:-1].transform(held[features])).kneighbors(return_distance=False)[:, :5]
fairness["consistency"] = float(1 - abs(said - said[near].mean(axis=1)).mean())
fairness["both"] = MetricFrame(metrics=selection_rate, y_true=truth, y_pred=said, sensitive_features=both).by_group.to_dict()

# 8 SHAP
prepared = linear[:-1].transform(table[features].iloc[train])
explainer = shap.LinearExplainer(linear[-1], shap.maskers.Independent(prepared, max_samples=len(prepared)))
contributions = explainer.shap_values(linear[:-1].transform(held[features]))
importance = np.abs(contributions).mean(axis=0)

# 8 reasons: what counted most against those refused, by group, and how the most alike people of their own and of other groups fare
names = [n.split("__")[1] for n in linear[0].get_feature_names_out()]
sources = [next(c for c in features if n == c or n.startswith((c + "_", "missingindicator_" + c))) for n in names]
by_feature = pd.DataFrame(contributions, columns=sources).T.groupby(level=0).sum().T
refused = np.flatnonzero(~said)
first = by_feature.iloc[refused].idxmin(axis=1).to_numpy()
room = linear[:-1].transform(held[features])
reasons = {}
for column in ["age_group", "sex"]:
    group = held[column].astype(str).to_numpy()
    counts = pd.crosstab(first, group[refused])
    alike = {}
    for value in np.unique(group):
        for side, pool in (("same", np.flatnonzero(group == value)), ("other", np.flatnonzero(group != value))):
            near = NearestNeighbors(n_neighbors=6).fit(room[pool]).kneighbors(room[refused[group[refused] == value]], return_distance=False)
            alike[f"{value} {side}"] = float(said[pool][near[:, 1:]].mean())
    reasons[column] = {"p": float(chi2_contingency(counts).pvalue), "alike": alike}

# 9 gate, model and card on disk
passed = min(fairness[c]["ratio"] for c in ("age_group", "sex")) >= 0.8 and figures["linear roc_auc"] >= 0.7
joblib.dump(linear, out / "model.joblib")
(out / "card.json").write_text(json.dumps({"figures": figures, "fairness": fairness}, default=float))
(out / "report.html").write_text("<html><body>" + pd.DataFrame(fairness["age_group"]["rates"], index=["approved"]).to_html() + "</body></html>")
print(json.dumps({
    "passed": bool(passed), "figures": figures, "intervals": intervals, "slices": len(slices), "beyond_chance": int((slices["holm"] < 0.05).sum()), "curves": {name: len(points) for name, points in curves.items()}, "latency": latency, "importance": importance.tolist()[:3], "reasons": reasons,
    "bytes": [(out / "net.onnx").stat().st_size, (out / "small.onnx").stat().st_size],
}, default=float))
