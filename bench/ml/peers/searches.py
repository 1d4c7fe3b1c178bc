"""Optuna's TPE, its trials kept in memory."""
import math

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial):
    rate = trial.suggest_float("rate", 1e-4, 1, log=True)
    depth = trial.suggest_int("depth", 1, 12)
    trial.suggest_int("leaves", 2, 256, log=True)
    share = trial.suggest_float("share", 0, 1)
    offset = trial.suggest_float("offset", -5, 10)
    trial.suggest_categorical("kind", ["gini", "entropy", "loss"])
    return (math.log(rate) + 3) ** 2 + (depth - 5) ** 2 + share + abs(offset)


def tpe(data):
    return lambda: optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1)).optimize(objective, n_trials=1_000)


works = {"tpe": tpe}
