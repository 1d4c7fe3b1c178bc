"""Goldens for engine/ml/prepare beyond ml_prep.py: scikit-learn's KNNImputer, OrdinalEncoder, TargetEncoder, FeatureHasher,
MinMaxScaler, RobustScaler, QuantileTransformer, PowerTransformer, TfidfVectorizer and HashingVectorizer, fitted on some rows
and applied to others.

usage: ml_prep_more.py FOLDER   writes FOLDER/ml-prep-numbers.json, ml-prep-levels.json and ml-prep-terms.json
"""
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.impute import KNNImputer
from sklearn.model_selection import PredefinedSplit
from sklearn.preprocessing import (
    MinMaxScaler,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
random = np.random.default_rng(11)
peers = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__}
train, rows = 120, 160


def plain(values):
    return [None if isinstance(v, float) and not math.isfinite(v) else v for v in np.asarray(values).tolist()]


def write(name, golden):
    text = json.dumps({"peers": peers, **golden}, ensure_ascii=False)
    (folder / name).write_text(text + "\n")


# Numbers
skewed = np.round(np.exp(random.normal(3, 1, size=rows)), 3)
ties = np.round(random.normal(size=rows)) * (random.uniform(size=rows) < 0.6)
signed = np.round(random.normal(-0.5, 2, size=rows), 4)
constant = np.full(rows, 2.5)
numbers = {"skewed": skewed, "ties": ties, "signed": signed, "constant": constant}
scalers = {
    "min-max": MinMaxScaler(),
    "robust": RobustScaler(),
    "quantile-uniform": QuantileTransformer(),
    "quantile-normal": QuantileTransformer(output_distribution="normal"),
    "yeo-johnson": PowerTransformer(),
}


def scaled(scaler, column):
    x = column.reshape(-1, 1)
    scaler.fit(x[:train])
    # As many quantiles as rows: they are the sorted values, which np.nanpercentile misses by a rounding that tears ties apart.
    if isinstance(scaler, QuantileTransformer):
        assert np.allclose(scaler.quantiles_, np.sort(x[:train], axis=0), rtol=0, atol=1e-12)
        scaler.quantiles_ = np.sort(x[:train], axis=0)
    return scaler.transform(x).ravel().tolist()


base = random.normal(size=(rows, 4)) @ random.normal(size=(4, 4)) * np.array([1, 100, 0.01, 1e4]) + 5
holes = random.uniform(size=base.shape) < 0.15
holes[:, 3] &= np.arange(rows) >= 5
knn = np.where(holes, np.nan, np.round(base, 4))
knn[7] = np.nan
standard = StandardScaler().fit(knn[:train])
imputed = {
    str(k): standard.inverse_transform(
        KNNImputer(n_neighbors=k).fit(standard.transform(knn[:train])).transform(standard.transform(knn))
    ).tolist()
    for k in (1, 5)
}
write(
    "ml-prep-numbers.json",
    {
        "train": train,
        "numbers": {name: plain(column) for name, column in numbers.items()},
        "scaled": {kind: {n: scaled(s, c) for n, c in numbers.items()} for kind, s in scalers.items()},
        "lambdas": {n: float(PowerTransformer().fit(c[:train].reshape(-1, 1)).lambdas_[0]) for n, c in numbers.items()},
        "knn": [plain(knn[:, j]) for j in range(4)],
        "imputed": imputed,
    },
)

# Levels
levels = np.array(["aa", "b", "ccc", "Dd", "é", "日本", "once"])
text = random.choice(levels, size=rows, p=[0.3, 0.22, 0.17, 0.12, 0.1, 0.08, 0.01]).astype(object)
text[train + 3] = "never seen"
withHoles = np.where(random.uniform(size=rows) < 0.1, None, text)
effect = {level: i * 0.3 for i, level in enumerate(levels)}
score = np.array([effect.get(t, 0) for t in text]) + random.normal(size=rows)
targets = {
    "binary": (score > 0.7).astype(int),
    "multiclass": np.digitize(score, [0.2, 1.1]),
    "number": np.round(score * 10, 3),
}
folds = random.permutation(np.arange(train) % 5)


def encoded(kind, smooth):
    y = targets[kind][:train]
    x = withHoles.reshape(-1, 1)
    make = lambda cv: TargetEncoder(target_type={"number": "continuous"}.get(kind, kind), smooth=smooth, cv=cv)
    crossed = make(PredefinedSplit(folds)).fit_transform(x[:train], y)
    return {"all": make(5).fit(x[:train], y).transform(x).tolist(), "outOfFold": crossed.tolist()}


ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
withNan = np.array([np.nan if t is None else t for t in withHoles], dtype=object).reshape(-1, 1)
ordinal.fit(withNan[:train])
hashed = FeatureHasher(n_features=6, input_type="string").transform([[t] for t in text]).toarray()
write(
    "ml-prep-levels.json",
    {
        "train": train,
        "text": text.tolist(),
        "withHoles": withHoles.tolist(),
        "categories": [level for level in ordinal.categories_[0].tolist() if isinstance(level, str)],
        "ordinal": ordinal.transform(withNan).ravel().astype(int).tolist(),
        "targets": {kind: y.tolist() for kind, y in targets.items()},
        "folds": folds.tolist(),
        "encoded": {
            kind: {str(smooth): encoded(kind, smooth) for smooth in ("auto", 10.0, 0.0)} for kind in targets
        },
        "hashed": hashed.astype(int).tolist(),
    },
)

# Terms
words = np.array(
    "Free entry WIN win cash prize now call mobile text Straße École école naïve don't it's 50p £1000 x ok über 日本 e.g. foo_bar".split()
)
shares = 1 / np.arange(1, len(words) + 1)
documents = [
    " ".join(random.choice(words, size=int(n), p=shares / shares.sum())) for n in random.integers(1, 14, size=60)
]
documents[50:] = ["", "!!! ?", "nothing known here at all", "free FREE Free", "entry, win: cash.", "x y z", "école ÉCOLE", "call now", "50p", "a"]
fitted = 48


def vectorised(**options):
    vectorizer = TfidfVectorizer(**options).fit(documents[:fitted])
    names = vectorizer.get_feature_names_out().tolist()
    return {"names": names, "rows": sparse(vectorizer.transform(documents)), "idf": vectorizer.idf_.tolist()}


def sparse(matrix):
    out = []
    for row in matrix.tocsr():
        row.sort_indices()
        out.append([[int(i), float(v)] for i, v in zip(row.indices, row.data)])
    return out


tokens = HashingVectorizer(n_features=16, ngram_range=(1, 2))
characters = HashingVectorizer(n_features=32, analyzer="char", ngram_range=(2, 3))
write(
    "ml-prep-terms.json",
    {
        "fitted": fitted,
        "documents": documents,
        "words": vectorised(ngram_range=(1, 2), min_df=2),
        "sublinear": vectorised(ngram_range=(1, 1), min_df=1, sublinear_tf=True),
        "characters": vectorised(analyzer="char", ngram_range=(2, 3), min_df=4),
        "hashedWords": sparse(tokens.transform(documents[:fitted])),
        "hashedCharacters": sparse(characters.transform(documents[:fitted])),
    },
)
