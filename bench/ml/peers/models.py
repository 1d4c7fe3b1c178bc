"""Explanations of the ONNX model that ours wrote beside the data, scored by ONNX Runtime with one thread."""
import numpy as np
import onnxruntime
from sklearn.base import BaseEstimator, ClassifierMixin


class Scored(ClassifierMixin, BaseEstimator):
    def __init__(self, file=None):
        self.file = file

    def fit(self, x, y):
        self.classes_ = np.array([0, 1])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session_ = onnxruntime.InferenceSession(self.file, options, providers=["CPUExecutionProvider"])
        return self

    def predict_proba(self, x):
        score = self.session_.run(None, {"x": np.ascontiguousarray(x, dtype=np.float64)})[0][:, 0]
        return np.column_stack([1 - score, score])

    def predict(self, x):
        return (self.predict_proba(x)[:, 1] > 0.5).astype(int)


def model(data):
    return Scored(data.file + ".onnx").fit(data.x, data.y)


def kernel_shap(data):
    import shap
    scored = model(data)
    explainer = shap.KernelExplainer(lambda x: scored.predict_proba(x)[:, 1], data.x[20_000:20_100])
    return lambda: explainer.shap_values(data.x[:10], nsamples=1_000, l1_reg=0, silent=True)


def permutation(data):
    from sklearn.inspection import permutation_importance
    scored = model(data)
    return lambda: permutation_importance(scored, data.x[:10_000], data.y[:10_000].astype(int), n_repeats=5, random_state=1)


def dependence(data):
    from sklearn.inspection import partial_dependence
    scored = model(data)
    return lambda: [partial_dependence(scored, data.x[:2_000], [f], grid_resolution=50, kind="both", method="brute") for f in range(5)]


works = {"kernel-shap": kernel_shap, "permutation": permutation, "partial-dependence": dependence}
