# group: search
"""Goldens for engine/ml/search: Optuna's TPE on recorded trials and draws, SciPy's Sobol points, scikit-learn's GP.

usage: ml_search.py FOLDER   writes FOLDER/ml-search*.json
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import optuna
import scipy.optimize
import sklearn
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe import _truncnorm, parzen_estimator
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator
from optuna.samplers._tpe.sampler import TPESampler, _split_trials, default_gamma
from scipy.stats import qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
folder = Path(sys.argv[1])


class StableNumpy:
    """NumPy whose argsort keeps equal values in order: Optuna leaves that to the machine, we take the earlier first."""

    def __getattr__(self, name):
        return (lambda values: np.argsort(values, kind="stable")) if name == "argsort" else getattr(np, name)


parzen_estimator.np = StableNumpy()
rng = np.random.default_rng(20261123)


def write(name, golden):
    peers = {"optuna": optuna.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    (folder / f"{name}.json").write_text(json.dumps({"peers": peers, **golden}, indent=1) + "\n")


space = {
    "rate": FloatDistribution(1e-4, 1.0, log=True),
    "depth": IntDistribution(1, 12),
    "leaves": IntDistribution(2, 256, log=True),
    "share": FloatDistribution(0.0, 2.0, step=0.25),
    "offset": FloatDistribution(-5.0, 10.0),
    "kind": CategoricalDistribution(["gini", "entropy", "loss"]),
}


def objective(trial):
    rate, offset = trial.params["rate"], trial.params["offset"]
    return float(np.log10(rate) ** 2 / 4 + (offset - 2) ** 2 / 20 + trial.params["depth"] / 6
                 + (trial.params["kind"] == "gini") + abs(trial.params["share"] - 1))


def densities(sampler, study, names, below, above):
    """Points drawn from the good density, and both densities there."""
    chosen = {name: space[name] for name in names}
    good = sampler._build_parzen_estimator(study, chosen, below, handle_below=True)
    rest = sampler._build_parzen_estimator(study, chosen, above, handle_below=False)
    points = good.sample(sampler._rng.rng, 24)
    ratio = sampler._compute_acquisition_func(points, good, rest)
    return {
        "names": names,
        "points": [[space[name].to_external_repr(points[name][row]) for name in names] for row in range(24)],
        "below": good.log_pdf(points).tolist(), "above": rest.log_pdf(points).tolist(), "best": int(np.argmax(ratio)),
    }


def tpe(count, direction, running):
    study = optuna.create_study(direction=direction, sampler=optuna.samplers.RandomSampler(seed=count))
    for _ in range(count):
        trial = study.ask(space)
        study.tell(trial, round(objective(trial), 3))
    for _ in range(running):
        study.ask(space)
    sampler = TPESampler(seed=count + 1, multivariate=True)
    trials = study.get_trials(deepcopy=False)
    below, above = _split_trials(study, trials, default_gamma(count))
    return {
        "direction": direction,
        "trials": [{"settings": t.params, **({} if t.value is None else {"value": t.value})} for t in trials],
        "below": [t.number for t in below],
        "together": densities(sampler, study, list(space), below, above),
        "apart": [densities(sampler, study, [name], below, above) for name in space],
    }


def quantiles():
    cases = [[0.3, -1.0, 2.0], [0.999, -8.0, 0.5], [0.001, 0.0, 3.0], [0.5, -40.0, 40.0], [0.9999999, -3.0, 9.0],
             [0.2, -0.05, 0.0]]
    return [[*case, float(_truncnorm.ppf(np.array([case[0]]), case[1], case[2])[0])] for case in cases]


def masses():
    cases = [[-1.0, 2.0], [-40.0, -39.0], [60.0, 60.5], [5.0, 5.2], [-0.01, 0.01], [1.0, 1.5], [22.0, 30.0],
             [-3.0, -2.0], [0.5, 0.9], [-100.0, 0.0]]
    return [[a, b, float(_truncnorm._log_gauss_mass(np.array([a]), np.array([b]))[0])] for a, b in cases]


write("ml-search-tpe", {
    "cases": [tpe(12, "minimize", 0), tpe(60, "maximize", 3), tpe(300, "minimize", 0)],
    "quantiles": quantiles(), "masses": masses(),
})


def sobol():
    points = qmc.Sobol(128, scramble=False, bits=32).random(64)
    keep = [0, 1, 2, 3, 7, 30, 64, 100, 127]
    return {"dimensions": keep, "points": (points[:, keep] * 2**32).astype(np.uint64).tolist()}


def gaussian(constant, lengths, noise):
    x = np.round(rng.uniform(size=(14, 3)), 3)
    y = np.round(np.sin(4 * x[:, 0]) + x[:, 1] ** 2 - x[:, 2] * x[:, 0] + 0.05 * rng.normal(size=14), 4)
    at = np.round(rng.uniform(size=(9, 3)), 3)
    at[0] = x[0]
    kernel = ConstantKernel(constant, "fixed") * Matern(lengths, "fixed", nu=2.5)
    model = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None).fit(x, y)
    mean, deviation = model.predict(at, return_std=True)
    best = float(y.min())
    z = (best - mean) / deviation
    gain = deviation * (z * scipy.stats.norm.cdf(z) + scipy.stats.norm.pdf(z))
    return {
        "constant": constant, "lengths": lengths, "noise": noise, "x": x.tolist(), "y": y.tolist(), "at": at.tolist(),
        "mean": mean.tolist(), "deviation": deviation.tolist(), "improvement": gain.tolist(),
        "likelihood": float(model.log_marginal_likelihood_value_),
    }


def curves():
    steps = np.arange(1, 26, dtype=float)
    shapes = {"power": lambda t, c, a, b: c + a * t**-b, "exponential": lambda t, c, a, b: c + a * np.exp(-b * t)}
    values = np.round(0.3 + 0.5 * steps**-0.8 + 0.01 * rng.normal(size=25), 4)
    out = {"steps": steps.tolist(), "values": values.tolist(), "fits": {}}
    for name, shape in shapes.items():
        found, _ = scipy.optimize.curve_fit(shape, steps, values, p0=[0.3, 0.5, 0.3], sigma=np.sqrt(25 / steps),
                                            xtol=1e-14, ftol=1e-14)
        out["fits"][name] = found.tolist()
    return out


write("ml-search", {
    "curves": curves(),
    "sobol": sobol(),
    "gaussian": [gaussian(1.0, [0.5, 0.5, 0.5], 1e-6), gaussian(2.5, [0.2, 1.3, 0.7], 1e-2)],
})
