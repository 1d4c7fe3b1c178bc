"""LightGBM, scikit-learn's forest, shap and woodelf."""


def lightgbm_model(data, threads):
    import lightgbm
    parameters = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "max_bin": 255, "num_threads": threads, "verbose": -1}
    return lightgbm.train(parameters, lightgbm.Dataset(data.x, data.y), 100)


def scikit_forest(data, threads):
    from sklearn.ensemble import RandomForestClassifier
    return RandomForestClassifier(100, n_jobs=threads, random_state=1).fit(data.x, data.y)


def shap_lightgbm(data):
    model = lightgbm_model(data, 2)
    return lambda: model.predict(data.x[:10_000], pred_contrib=True, num_threads=data.threads)


def shap_background(data, rows, background):
    import shap
    model = lightgbm_model(data, 2)
    held = data.x[20_000:20_000 + background]
    return lambda: shap.TreeExplainer(model, shap.maskers.Independent(held, max_samples=len(held)), feature_perturbation="interventional").shap_values(data.x[:rows])


def woodelf(data, rows, background=0):
    import pandas
    from woodelf.explainer import WoodelfExplainer
    model = lightgbm_model(data, 2)
    frame = lambda values: pandas.DataFrame(values, columns=model.feature_name())
    x, held = frame(data.x[:rows]), frame(data.x[20_000:20_000 + background])
    if background:
        return lambda: WoodelfExplainer(model, held).shap_values(x, verbose=False)
    return lambda: WoodelfExplainer(model, feature_perturbation="tree_path_dependent").shap_values(x, verbose=False)


def shap_one_row(data):
    import shap
    explainer = shap.TreeExplainer(lightgbm_model(data, 2))
    # a model of LightGBM is explained by LightGBM itself; `xgboost`-free, this is shap's own walk
    return lambda: [explainer.shap_values(data.x[row:row + 1], check_additivity=False) for row in range(200)]


def shap_background_one_row(data):
    import shap
    held = shap.maskers.Independent(data.x[20_000:20_100], max_samples=100)
    explainer = shap.TreeExplainer(lightgbm_model(data, 2), held, feature_perturbation="interventional")
    return lambda: [explainer.shap_values(data.x[row:row + 1], check_additivity=False) for row in range(200)]


def shap_deep_forest(data, background=0):
    import shap
    held = shap.maskers.Independent(data.x[10_000:10_000 + background], max_samples=background) if background else None
    kind = "interventional" if background else "tree_path_dependent"
    explainer = shap.TreeExplainer(scikit_forest(data, 2), held, feature_perturbation=kind)
    return lambda: explainer.shap_values(data.x[:40 if background else 200], check_additivity=False)


works = {
    "boosting": lambda data: lambda: lightgbm_model(data, data.threads),
    "forest": lambda data: lambda: scikit_forest(data, data.threads),
    "shap-lightgbm": shap_lightgbm,
    "shap-woodelf": lambda data: woodelf(data, 10_000),
    "shap-woodelf-100": lambda data: woodelf(data, 1_000, 100),
    "shap-woodelf-10000": lambda data: woodelf(data, 10_000, 10_000),
    "shap-shap-100": lambda data: shap_background(data, 1_000, 100),
    "shap-one-row": shap_one_row,
    "shap-background-one-row": shap_background_one_row,
    "shap-deep-forest": shap_deep_forest,
    "shap-background-deep-forest": lambda data: shap_deep_forest(data, 100),
}
