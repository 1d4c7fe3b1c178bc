"""Optuna's TPE over lines of JSON: {"do": "open", space, seed}, {"do": "ask"}, {"do": "tell", value}."""
import json
import sys
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def distribution(dimension):
    if dimension["kind"] == "category":
        return CategoricalDistribution(dimension["choices"])
    kind = IntDistribution if dimension["kind"] == "integer" else FloatDistribution
    return kind(dimension["low"], dimension["high"], log=dimension.get("log", False))


study, space, trial = None, {}, None
for line in sys.stdin:
    message = json.loads(line)
    answer = {}
    if message["do"] == "open":
        space = {name: distribution(dimension) for name, dimension in message["space"].items()}
        sampler = optuna.samplers.TPESampler(seed=message["seed"], multivariate=True)
        study = optuna.create_study(direction="minimize", sampler=sampler)
    elif message["do"] == "ask":
        trial = study.ask(space)
        answer = trial.params
    elif message["value"] is None:
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(trial, message["value"])
    print(json.dumps(answer), flush=True)
