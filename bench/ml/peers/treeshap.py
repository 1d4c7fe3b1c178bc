"""fasttreeshap, which needs an older NumPy than the others."""
from fasttreeshap import TreeExplainer

from peers.trees import lightgbm_model


def shap_path(data):
    model = lightgbm_model(data, 2)
    return lambda: TreeExplainer(model, algorithm="v2", n_jobs=data.threads).shap_values(data.x[:10_000], check_additivity=False)


works = {"shap-path": shap_path}
