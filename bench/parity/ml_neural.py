# group: neural
"""Goldens for engine/ml/neural: PyTorch's losses with their gradients, and trainings of a few steps with each optimizer.

usage: ml_neural.py FOLDER   writes FOLDER/ml-neural.json
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as f

folder = Path(sys.argv[1])
torch.manual_seed(5)
torch.set_num_threads(1)
random = np.random.default_rng(5)
digits = lambda values: [float(f"{v:.17g}") for v in np.ravel(values)]
single = lambda values: [float(f"{v:.9g}") for v in np.ravel(values)]


def vector(model, real):
    """The flat vector as ours: layer by layer, dense weights [inputs, outputs]."""
    parts = []
    for module in model:
        for name, value in module.named_parameters():
            value = value.detach()
            parts.append((value.T if isinstance(module, nn.Linear) and name == "weight" else value).reshape(-1))
    return real(torch.cat(parts).numpy())


def statistics(model, real):
    parts = [part for module in model if hasattr(module, "running_mean") for part in (module.running_mean, module.running_var)]
    return real(torch.cat(parts).numpy()) if parts else []


def train(model, make, loss_of, x, y, weights, steps, rows, real):
    """Steps over consecutive batches: losses, first and last vectors."""
    start = vector(model, real)
    optimizer = make(model.parameters())
    losses = []
    for step in range(steps):
        at = [(step * rows + k) % len(x) for k in range(rows)]
        optimizer.zero_grad()
        w = weights[at]
        loss = (loss_of(model(x[at]), y[at]) * w).sum() / w.sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    return {"start": start, "losses": real(losses), "end": vector(model, real), "statistics": statistics(model, real), "outputs": real(model(x[:4]).detach().numpy())}


optimizers = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.02),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.03),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1),
}
x = random.normal(size=(48, 5))
y = random.integers(0, 3, 48)
weights = random.uniform(0.2, 2, 48)
rows = lambda values, kind=torch.float64: torch.tensor(values, dtype=kind)
cross = lambda outputs, targets: f.cross_entropy(outputs, targets, reduction="none")
dense = {}
for name, make in optimizers.items():
    model = nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.LayerNorm(7), nn.Linear(7, 6), nn.ReLU(), nn.Linear(6, 3)).double()
    dense[name] = train(model, make, cross, rows(x), torch.tensor(y), rows(weights), 20, 16, digits)
normed = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Sigmoid(), nn.Linear(6, 3)).double()
dense["batchNorm"] = train(normed, optimizers["adam"], cross, rows(x), torch.tensor(y), rows(weights), 20, 16, digits)

pictures = random.normal(size=(16, 2, 9, 9)).astype(np.float32)
numbers = random.normal(size=(16, 2)).astype(np.float32)
image = nn.Sequential(
    nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
    nn.Conv2d(4, 8, 3, padding=2, dilation=2, groups=2), nn.GELU(), nn.AvgPool2d(2, 1, 1), nn.Conv2d(8, 8, 3, padding=1, groups=8),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2),
).double()
squared = lambda outputs, targets: ((outputs - targets) ** 2).mean(1)
convolution = train(image, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), squared, rows(pictures), rows(numbers), rows(np.ones(16)), 10, 8, digits)


def loss_case(values, targets, loss_of):
    outputs = torch.tensor(values, requires_grad=True)
    losses = loss_of(outputs, torch.tensor(targets))
    losses.sum().backward()
    return {"outputs": values.tolist(), "targets": targets.tolist(), "losses": digits(losses.detach().numpy()), "gradients": digits(outputs.grad.numpy())}


logits, teacher, aims = random.normal(size=(6, 4)) * 3, random.normal(size=(6, 4)), random.normal(size=(6, 4))
classes = np.array([0, 3, 1, 2, 2, 0])


def distill(outputs, targets, temperature=2.5, share=0.7):
    soft = f.kl_div(f.log_softmax(outputs / temperature, 1), f.softmax(targets[:, 1:] / temperature, 1), reduction="none").sum(1)
    return share * temperature**2 * soft + (1 - share) * f.cross_entropy(outputs, targets[:, 0].long(), reduction="none")


losses = {
    "cross-entropy": loss_case(logits, classes[:, None], lambda o, t: cross(o, t[:, 0])),
    "distillation": loss_case(logits, np.hstack([classes[:, None], teacher]), distill),
    "binary": loss_case(logits, (aims > 0).astype(float), lambda o, t: f.binary_cross_entropy_with_logits(o, t, reduction="none").mean(1)),
    "squared": loss_case(logits, aims, squared),
    "huber": loss_case(logits, aims, lambda o, t: f.huber_loss(o, t, reduction="none", delta=1.5).mean(1)),
}
golden = {
    "peers": {"torch": torch.__version__.split("+")[0]},
    "dense": {"x": x.tolist(), "classes": y.tolist(), "weights": weights.tolist(), "batchRows": 16, "trainings": dense},
    "convolution": {"x": single(pictures), "targets": single(numbers), "batchRows": 8, "training": convolution},
    "losses": losses,
}
(folder / "ml-neural.json").write_text(json.dumps(golden) + "\n")
