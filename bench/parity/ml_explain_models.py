"""Goldens for engine/ml/explain of any model: Shapley values by sampling, importance, effects, LIME, surrogate trees.

usage: ml_explain_models.py FOLDER   writes FOLDER/ml-explain-models{,-lime,-trees,-onnx}.json
The models are formulas that engine/ml/explain's tests repeat: smooth (all orders of interaction), pairs (two at most)
and wide. PyALE's quantiles are replaced by R's type 1, rounding included: PyALE takes n - 1 for n.
"""
import base64
import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import lightgbm
import lime
import lime.lime_tabular
import numpy as np
import onnx
import onnxruntime
import pandas as pd
import PyALE
import PyALE._src.ALE_1D as ale_module
import shap
import sklearn
import xgboost
from scipy.cluster.hierarchy import linkage
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.tree import DecisionTreeRegressor

folder = Path(sys.argv[1])
random = np.random.default_rng(23)


def smooth(x):
    a, b, c, d, e = x[:, :5].T
    margin = 0.3 + a - 0.5 * b + 0.8 * a * c + 0.6 * np.abs(d) * b + 0.4 * np.maximum(e, 0) * a * b
    return 1 / (1 + np.exp(-margin))


def pairs(x):
    a, b, c, d, e = x[:, :5].T
    return 1.5 + a + b * c - 0.5 * d * d + 0.25 * e * a


def wide(x):
    return smooth(x) + x[:, 5:].sum(axis=1) / 4 + x[:, 5] * x[:, 6] * x[:, 7] - x[:, 9] * np.abs(x[:, 10])


class Formula(RegressorMixin, BaseEstimator):
    def fit(self, x, y=None):
        self.fitted_ = True
        return self

    def predict(self, x):
        return smooth(np.asarray(x, dtype=float))


def kernel(model, rows, background, samples):
    explainer = shap.KernelExplainer(model, background)
    values = explainer.shap_values(rows, nsamples=samples, l1_reg=0, silent=True)
    return {"base": float(explainer.expected_value), "values": np.asarray(values)}


def numbers(rows, columns):
    return np.round(random.normal(size=(rows, columns)), 4)


background, x = numbers(20, 5), numbers(4, 5)
exact = kernel(smooth, x, background, 2**5)
wide_background, wide_x = numbers(6, 11), numbers(2, 11)
wide_exact = kernel(wide, wide_x, wide_background, 2**11)
errors = []
for seed in range(20):
    np.random.seed(seed)
    sampled = kernel(wide, wide_x, wide_background, 300)
    errors.append(float(np.mean(np.abs(sampled["values"] - wide_exact["values"]))))
np.random.seed(0)
permutation = shap.PermutationExplainer(pairs, shap.maskers.Independent(background, max_samples=20))(x, silent=True)
partition = {}
related = numbers(40, 5)
related[:, 2] += related[:, 0]
related[:, 4] -= related[:, 1] / 2
gaps = 1 - np.abs(np.corrcoef(related.T))
for name, tree in [("rows", linkage(background.T, "complete")), ("related", linkage(gaps[np.triu_indices(5, 1)], "average"))]:
    masker = shap.maskers.Partition(background, max_samples=20, clustering=tree)
    explained = shap.PartitionExplainer(smooth, masker)(x, max_evals=4096, silent=True)
    partition[name] = {"tree": tree[:, :2].astype(int).tolist(), "values": explained.values.tolist(), "base": np.ravel(explained.base_values)[0].item()}
partition["table"] = related.tolist()

table = numbers(120, 5)
table[:, 4] = random.integers(0, 6, size=120)
y = np.round(smooth(table) + random.normal(size=120) / 8, 4)
repeats, seed = 5, 7
importance = permutation_importance(Formula().fit(table), table, y, scoring="neg_mean_squared_error", n_repeats=repeats, random_state=seed)
state = np.random.RandomState(np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1))
order, orders, moved = np.arange(120), [], np.arange(120)
for _ in range(repeats):
    state.shuffle(order)
    moved = moved[order]
    orders.append(moved.tolist())


def dependence(features, **options):
    found = partial_dependence(Formula().fit(table), table, features, **options)
    return {"grid": [axis.tolist() for axis in found["grid_values"]], "average": found["average"][0].tolist(), **({"individual": found["individual"][0].tolist()} if "individual" in found else {})}




def type_one(values, q):
    places = np.ceil(np.round(len(values) * q, 9)).astype(int)
    return pd.Series(np.sort(values)[np.maximum(places, 1) - 1], index=q)


ale_module.quantile_ied = type_one
effects = {}
for name, column, size in [("fine", 0, 20), ("coarse", 3, 7), ("ties", 4, 10)]:
    frame = pd.DataFrame(table, columns=list("abcde"))
    found = ale_module.aleplot_1D_continuous(frame, Formula(), "abcde"[column], grid_size=size)
    half = (found["upperCI_95%"] - found["eff"]).tolist()
    effects[name] = {"column": column, "bins": size, "edges": found.index.tolist(), "effects": found["eff"].tolist(), "sizes": found["size"].tolist(), "half": [None if np.isnan(v) else v for v in half]}

coarse = np.round(numbers(200, 4) * 16) / 16
coarse[:, 3] = random.integers(0, 3, size=200)
target = pairs(np.column_stack([coarse, coarse[:, 0]]))
trees = {}
for name, options in [("depth", {"max_depth": 3}), ("leaf", {"max_depth": 6, "min_samples_leaf": 9}), ("leaves", {"max_depth": 8, "min_samples_leaf": 3, "max_leaf_nodes": 6})]:
    tree = DecisionTreeRegressor(random_state=0, **options).fit(coarse, target)
    trees[name] = {"predictions": tree.predict(coarse).tolist(), "leaves": int(tree.get_n_leaves()), "depth": int(tree.get_depth()), "fidelity": float(tree.score(coarse, target))}

golden = {
    "peers": {"shap": shap.__version__, "scikit-learn": sklearn.__version__, "PyALE": "1.2.0"},
    "background": background.tolist(), "x": x.tolist(),
    "kernel": {"base": exact["base"], "values": exact["values"].tolist()},
    "wide": {"background": wide_background.tolist(), "x": wide_x.tolist(), "base": wide_exact["base"], "values": wide_exact["values"].tolist(), "samples": 300, "errors": errors},
    "permutation": {"base": float(np.ravel(permutation.base_values)[0]), "values": permutation.values.tolist()},
    "partition": partition,
    "table": table.tolist(), "y": y.tolist(),
    "importance": {"orders": orders, "importances": importance.importances.tolist(), "means": importance.importances_mean.tolist(), "deviations": importance.importances_std.tolist()},
    "dependence": {
        "numbers": dependence([0], kind="both", grid_resolution=12), "few": dependence([4], kind="both", grid_resolution=12),
        "two": dependence([0, 4], kind="average", grid_resolution=8),
    },
    "effects": effects,
    "surrogate": {"x": coarse.tolist(), "y": target.tolist(), "trees": trees},
}
(folder / "ml-explain-models.json").write_text(json.dumps(golden) + "\n")


def explain_by_lime(name, data, row, **options):
    explainer = lime.lime_tabular.LimeTabularExplainer(data, mode="regression", random_state=3, **options)
    draw, base, seen = explainer._LimeTabularExplainer__data_inverse, explainer.base.explain_instance_with_data, {}

    def recorded(values, samples):
        seen["binary"], seen["rows"] = draw(values, samples)
        return seen["binary"], seen["rows"]

    def judged(scaled, scores, distances, *rest, **more):
        seen.update(scaled=scaled, scores=scores.ravel(), weights=explainer.base.kernel_fn(distances))
        return base(scaled, scores, distances, *rest, **more)

    explainer._LimeTabularExplainer__data_inverse = recorded
    explainer.base.explain_instance_with_data = judged
    results = {}
    for features in (5, 3):
        explainer.random_state.seed(3)
        found = explainer.explain_instance(row, smooth, num_features=features, num_samples=60)
        results[str(features)] = {"intercept": float(found.intercept[1]), "weights": sorted([[int(i), float(w)] for i, w in found.local_exp[1]]), "fit": float(found.score), "prediction": float(np.ravel(found.local_pred)[0]), "scaled": seen["scaled"].tolist(), "scores": seen["scores"].tolist(), "kernel": seen["weights"].tolist()}
    stats, scaler = explainer.discretizer, explainer.scaler
    bins = {"means": stats.means, "deviations": stats.stds} if stats else {}
    return {
        "row": row.tolist(), "results": results, "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist(),
        **{key: {int(f): list(map(float, v)) for f, v in found.items()} for key, found in bins.items()},
    }


def lime_band(data, row, **options):
    runs = []
    for seed in range(15):
        explainer = lime.lime_tabular.LimeTabularExplainer(data, mode="regression", random_state=seed, feature_selection="none", **options)
        found = explainer.explain_instance(row, smooth, num_features=5, num_samples=2000)
        runs.append([w for _, w in sorted(found.local_exp[1])])
    return {"means": np.mean(runs, axis=0).tolist(), "deviations": np.std(runs, axis=0, ddof=1).tolist()}


row = table[5]
settings = {"quartiles": {"categorical_features": [4]}, "plain": {"categorical_features": [4], "discretize_continuous": False}}
limes = {name: {**explain_by_lime(name, table, row, feature_selection="highest_weights", **options), "band": lime_band(table, row, **options)} for name, options in settings.items()}
(folder / "ml-explain-models-lime.json").write_text(json.dumps({"peers": {"lime": "0.2.0.1", "scikit-learn": sklearn.__version__}, "table": table.tolist(), **limes}) + "\n")


def xgboost_golden():
    """XGBoost models with margins, contributions and interactions (single precision), and shap's interactions of LightGBM."""
    cells = np.round(random.normal(size=(400, 5)), 3)
    cells[random.random(cells.shape) < 0.06] = np.nan
    known = np.nan_to_num(cells)
    margin = known[:, 0] + known[:, 1] * known[:, 2] - np.abs(known[:, 3])
    targets = {
        "binary": ((margin > 0).astype(int), {"objective": "binary:logistic", "max_depth": 4}),
        "classes": (np.digitize(margin, [-1, 0.5]), {"objective": "multi:softprob", "num_class": 3, "max_depth": 3, "num_parallel_tree": 2, "subsample": 0.7, "seed": 1}),
        "counts": (np.round(np.exp(known[:, 0] / 2)), {"objective": "count:poisson", "max_depth": 3}),
        "dart": (margin, {"objective": "reg:squarederror", "booster": "dart", "rate_drop": 0.5, "max_depth": 3, "seed": 2}),
    }
    keep = ("default_left", "left_children", "right_children", "split_conditions", "split_indices", "split_type", "sum_hessian", "loss_changes")
    shown = xgboost.DMatrix(cells[:30])
    golden = {"x": [[None if np.isnan(v) else float(v) for v in row] for row in cells[:30]]}
    for name, (y, options) in targets.items():
        booster = xgboost.train({"nthread": 1, **options}, xgboost.DMatrix(cells, y), 6)
        learner = json.loads(bytes(booster.save_raw("json")))["learner"]
        trees = learner["gradient_booster"].get("gbtree", learner["gradient_booster"])["model"]["trees"]
        trees[:] = [{key: tree[key] for key in keep} | {"tree_param": tree["tree_param"]} for tree in trees]
        golden[name] = {
            "model": {"learner": {key: learner[key] for key in ("gradient_booster", "learner_model_param", "objective")}},
            "margins": booster.predict(shown, output_margin=True).tolist(),
            "contributions": booster.predict(shown, pred_contribs=True, strict_shape=True).tolist(),
        }
        if name == "binary":
            golden[name]["interactions"] = booster.predict(xgboost.DMatrix(cells[:8]), pred_interactions=True).tolist()
    data = lightgbm.Dataset(known, margin)
    model = lightgbm.train({"num_leaves": 9, "verbose": -1, "num_threads": 1, "deterministic": True}, data, 8)
    golden["lightgbm"] = {
        "x": known[:8].tolist(),
        "model": {key: value for key, value in model.dump_model().items() if key in ("num_tree_per_iteration", "tree_info")},
        "interactions": np.asarray(shap.TreeExplainer(model).shap_interaction_values(known[:8])).tolist(),
    }
    peers = {"xgboost": xgboost.__version__, "lightgbm": lightgbm.__version__, "shap": shap.__version__}
    (folder / "ml-explain-models-trees.json").write_text(json.dumps({"peers": peers, **golden}) + "\n")


xgboost_golden()


def onnx_golden():
    """A TreeEnsembleRegressor of random trees of depth 3 with every numeric comparison, scored by ONNX Runtime."""
    draw = np.random.default_rng(31)
    nodes = {key: [] for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    target = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    cells = np.round(draw.normal(size=(60, 4)), 1)
    cells[draw.random(cells.shape) < 0.1] = np.nan
    for tree in range(5):
        for node in range(15):
            leaf = node >= 7
            values = [tree, node, draw.integers(4), np.round(draw.normal(), 1), "LEAF" if leaf else ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE"][tree % 4], 0 if leaf else 2 * node + 1, 0 if leaf else 2 * node + 2, 0 if leaf else draw.integers(2)]
            for key, value in zip(nodes, values):
                nodes[key].append(value if isinstance(value, str) else value.item() if hasattr(value, "item") else value)
            for output in range(2 if leaf else 0):
                for key, value in zip(target, [tree, node, output, float(draw.normal())]):
                    target[key].append(value)
    attributes = {**{f"nodes_{key}": value for key, value in nodes.items()}, **{f"target_{key}": value for key, value in target.items()}}
    cases = {}
    for name, extra in [("sum", {"base_values": [0.5, -1.0]}), ("average", {"aggregate_function": "AVERAGE"})]:
        node = onnx.helper.make_node("TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=2, **attributes, **extra)
        tensor = lambda key, width: onnx.helper.make_tensor_value_info(key, onnx.TensorProto.FLOAT, [None, width])
        graph = onnx.helper.make_graph([node], "trees", [tensor("x", 4)], [tensor("y", 2)])
        model = onnx.helper.make_model(graph, ir_version=10, opset_imports=[onnx.helper.make_opsetid("", 21), onnx.helper.make_opsetid("ai.onnx.ml", 3)])
        scores = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": cells.astype(np.float32)})[0]
        cases[name] = {"model": base64.b64encode(model.SerializeToString()).decode(), "scores": scores.tolist()}
    cases["x"] = [[None if np.isnan(v) else float(v) for v in row] for row in cells]
    (folder / "ml-explain-models-onnx.json").write_text(json.dumps({"peers": {"onnxruntime": onnxruntime.__version__}, **cases}) + "\n")


onnx_golden()
