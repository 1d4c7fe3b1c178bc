"""Eight public data sets with ten seeded splits each, and the reference learners on them.

    accuracy.py prepare DATA OUT    writes OUT/NAME.csv, the split of repeat r in the column part_r, and OUT/sets.json
    accuracy.py learn OUT           scikit-learn's linear models and LightGBM; prints {NAME: {learner: [ten figures]}}
"""
import json
import sys
import warnings
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")
repeats = 10
sets = {
    "adult": ("adult/adult_with_header.csv.gz", "income", ">50K", ["split"]),
    "german-credit": ("german_credit/german_credit.csv", "credit_risk", "good", []),
    "credit-default": ("credit_default/default_of_credit_card_clients.csv", "default payment", 1, []),
    "telco-churn": ("telco_churn/Telco-Customer-Churn.csv", "Churn", "Yes", ["customerID"]),
    "breast-cancer": ("breast_cancer/breast_cancer_wdbc.csv", "diagnosis", None, []),
    "california-housing": ("california_housing/housing.csv", "median_house_value", 0, []),
    "wine-quality": ("wine_quality/wine_quality_both.csv", "quality", 0, []),
    "bike-sharing": ("bike_sharing/hour.csv", "cnt", 0, ["instant", "dteday", "casual", "registered"]),
}
regressions = {"california-housing", "wine-quality", "bike-sharing"}


def prepare(data, out):
    told = {}
    for name, (file, target, positive, dropped) in sets.items():
        table = pd.read_csv(data / file, na_values=["?", " "], skipinitialspace=True).drop(columns=dropped)
        table = table.rename(columns={target: "goal"})
        if name not in regressions:
            yes = sorted(table["goal"].unique())[0] if positive is None else positive
            table["goal"] = np.where(table["goal"] == yes, "yes", "no")
        for repeat in range(repeats):
            order = np.random.default_rng(repeat).permutation(len(table))
            part = np.full(len(table), "train", dtype=object)
            part[order[: len(table) // 5]] = "test"
            part[order[len(table) // 5 : 2 * len(table) // 5]] = "validation"
            table[f"part_{repeat}"] = part
        table.to_csv(out / f"{name}.csv", index=False)
        told[name] = {"rows": len(table), "regression": name in regressions}
    (out / "sets.json").write_text(json.dumps(told))


def learn_one(table, repeat, regression):
    features = [c for c in table.columns if c != "goal" and not c.startswith("part_")]
    part = table[f"part_{repeat}"]
    rows = {name: (part == name).to_numpy() for name in ("train", "validation", "test")}
    y = table["goal"].to_numpy(float) if regression else (table["goal"] == "yes").to_numpy()
    numbers = table[features].select_dtypes("number").columns.tolist()
    texts = [c for c in features if c not in numbers]
    prepared = ColumnTransformer([
        ("number", Pipeline([("impute", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())]), numbers),
        ("text", Pipeline([("impute", SimpleImputer(strategy="constant", fill_value="missing")), ("encode", OneHotEncoder(handle_unknown="ignore", min_frequency=0.01))]), texts),
    ])
    model = Pipeline([("prepare", prepared), ("learn", Ridge() if regression else LogisticRegression(max_iter=2000))])
    model.fit(table.loc[rows["train"], features], y[rows["train"]])
    coded = table[features].astype({c: "category" for c in texts})
    learner = lightgbm.LGBMRegressor if regression else lightgbm.LGBMClassifier
    trees = learner(n_estimators=100, verbose=-1, n_jobs=2)
    trees.fit(coded[rows["train"]], y[rows["train"]], eval_set=[(coded[rows["validation"]], y[rows["validation"]])], callbacks=[lightgbm.early_stopping(20, verbose=False)])
    held = y[rows["test"]]
    if regression:
        return r2_score(held, model.predict(table.loc[rows["test"], features])), r2_score(held, trees.predict(coded[rows["test"]]))
    return roc_auc_score(held, model.predict_proba(table.loc[rows["test"], features])[:, 1]), roc_auc_score(held, trees.predict_proba(coded[rows["test"]])[:, 1])


def learn(out):
    results = {}
    for name, told in json.loads((out / "sets.json").read_text()).items():
        table = pd.read_csv(out / f"{name}.csv", keep_default_na=True)
        figures = [learn_one(table, repeat, told["regression"]) for repeat in range(repeats)]
        results[name] = {"linear": [f[0] for f in figures], "boosting": [f[1] for f in figures]}
    print(json.dumps(results))


if sys.argv[1] == "prepare":
    prepare(Path(sys.argv[2]), Path(sys.argv[3]))
else:
    learn(Path(sys.argv[2]))
