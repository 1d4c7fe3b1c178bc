"""The loan example as a careful data scientist writes it: pandas, scikit-learn, fairlearn, shap. Prints its figures as JSON."""
import json
import sys

import numpy as np
import pandas as pd
import shap
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, equalized_odds_difference, selection_rate, true_positive_rate
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils import resample

path = sys.argv[1]
table = pd.read_csv(path)
protected = ["age", "age_group", "sex"]
features = [c for c in table.columns if c not in [*protected, "applicant", "approved"]]

# profile and schema: what the first nodes of the pipeline compute
profile = {c: {"missing": int(table[c].isna().sum()), "distinct": int(table[c].nunique())} for c in table.columns}
numbers = table[features].select_dtypes("number").columns.tolist()
texts = [c for c in features if c not in numbers]
described = table.describe(include="all")
histograms = {c: np.histogram(table[c].dropna(), bins=20)[0].tolist() for c in numbers}
for column in texts:
    assert table[column].map(lambda v: isinstance(v, str) or pd.isna(v)).all()

y = (table["approved"] == "yes").to_numpy()
train, test = train_test_split(np.arange(len(table)), test_size=0.2, stratify=y, random_state=1)
prepare = ColumnTransformer([
    ("number", Pipeline([("impute", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())]), numbers),
    ("text", Pipeline([("impute", SimpleImputer(strategy="most_frequent")), ("encode", OneHotEncoder(handle_unknown="ignore", min_frequency=0.01, sparse_output=False))]), texts),
])
model = Pipeline([("prepare", prepare), ("learn", LogisticRegression(C=1.0, max_iter=1000, tol=1e-8))])
model.fit(table[features].iloc[train], y[train])
baseline = DummyClassifier(strategy="most_frequent").fit(table[features].iloc[train], y[train])

x_test = table[features].iloc[test]
score = model.predict_proba(x_test)[:, 1]
said = score >= 0.5
draws = [roc_auc_score(y[test][i], score[i]) for i in (resample(np.arange(len(test)), random_state=s) for s in range(200))]
figures = {
    "accuracy": accuracy_score(y[test], said),
    "roc_auc": roc_auc_score(y[test], score),
    "roc_auc_interval": [float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975))],
    "average_precision": average_precision_score(y[test], score),
    "log_loss": log_loss(y[test], score),
    "brier": brier_score_loss(y[test], score),
    "baseline_accuracy": accuracy_score(y[test], baseline.predict(x_test)),
}

held = table.iloc[test]
slices = {}
for column in [*features, *protected]:
    values = pd.qcut(held[column], 4, duplicates="drop").astype(str) if pd.api.types.is_numeric_dtype(held[column]) and held[column].nunique() > 8 else held[column].astype(str)
    for value, rows in pd.Series(np.arange(len(held))).groupby(values.to_numpy()):
        wrong = said[rows] != y[test][rows]
        slices[f"{column} = {value}"] = (len(rows), float(wrong.mean()))

fairness = {}
for column in ["age_group", "sex"]:
    frame = MetricFrame(metrics={"rate": selection_rate, "tpr": true_positive_rate}, y_true=y[test], y_pred=said, sensitive_features=held[column])
    fairness[column] = {
        "rates": frame.by_group["rate"].to_dict(),
        "ratio": demographic_parity_ratio(y[test], said, sensitive_features=held[column]),
        "equalised_odds": equalized_odds_difference(y[test], said, sensitive_features=held[column]),
    }
both = held["age_group"].astype(str) + " x " + held["sex"].astype(str)
fairness["age_group x sex"] = MetricFrame(metrics=selection_rate, y_true=y[test], y_pred=said, sensitive_features=both).by_group.to_dict()

prepared_train = model[:-1].transform(table[features].iloc[train])
explainer = shap.LinearExplainer(model[-1], shap.maskers.Independent(prepared_train, max_samples=len(prepared_train)))
values = explainer.shap_values(model[:-1].transform(x_test))
importance = np.abs(values).mean(axis=0)

html = "<html><body><h1>Fairness report</h1>" + pd.DataFrame(fairness["age_group"]["rates"], index=["approved"]).to_html() + "</body></html>"
print(json.dumps({"figures": figures, "fairness": fairness, "slices": len(slices), "importance": importance.tolist()[:3], "html": len(html)}, default=float))
