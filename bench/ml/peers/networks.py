"""PyTorch on the CPU, one thread: an epoch of Adam."""
import torch
from torch import nn

torch.set_num_threads(1)


def mlp():
    return nn.Sequential(nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 2))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 49, 10))


def epoch(network, shape, classes, batch):
    x, y = torch.rand(shape), torch.randint(classes, (shape[0],))

    def run():
        model, loss = network(), nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(model.parameters())
        for rows in torch.randperm(shape[0]).split(batch):
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
    return run


works = {
    "mlp-256": lambda data: epoch(mlp, (50_000, 100), 2, 256),
    "mlp-32": lambda data: epoch(mlp, (50_000, 100), 2, 32),
    "cnn": lambda data: epoch(cnn, (10_000, 1, 28, 28), 10, 64),
}
