"""scikit-learn and imbalanced-learn on dense matrices, one thread."""
import numpy as np
from threadpoolctl import threadpool_limits


def logistic(data, y):
    from sklearn.linear_model import LogisticRegression
    return lambda: LogisticRegression(C=1, max_iter=1000).fit(data.x, y)


def ridge(data):
    from sklearn.linear_model import Ridge
    return lambda: Ridge(alpha=1).fit(data.x, data.y)


def pca(data):
    from sklearn.decomposition import PCA
    return lambda: PCA(10).fit(data.x)


def pls(data):
    from sklearn.cross_decomposition import PLSRegression
    return lambda: PLSRegression(10).fit(data.x, data.y)


def class_information(data):
    from sklearn.feature_selection import mutual_info_classif
    return lambda: mutual_info_classif(data.x, data.y, discrete_features=False, random_state=1)


def number_information(data):
    from sklearn.feature_selection import mutual_info_regression
    return lambda: mutual_info_regression(data.x, data.x[:, 0] + data.x[:, 1], discrete_features=False, random_state=1)


def smote(data):
    from imblearn.over_sampling import SMOTE
    y = np.where(np.arange(len(data.y)) % 4 == 0, data.y, 0).astype(int)
    return lambda: SMOTE(random_state=1).fit_resample(data.x, y)


def label_propagation(data):
    from sklearn.semi_supervised import LabelPropagation
    y = np.where(np.arange(len(data.y)) % 10 == 0, data.y, -1).astype(int)
    return lambda: LabelPropagation(kernel="rbf", gamma=2).fit(data.x, y)


def three_classes(data):
    return (data.y + (data.x[:, 5] > 1.5)).astype(int)


def on_one_thread(prepare):
    def prepared(data):
        work = prepare(data)

        def run():
            with threadpool_limits(data.threads):
                work()
        return run
    return prepared


works = {name: on_one_thread(prepare) for name, prepare in {
    "logistic": lambda data: logistic(data, data.y),
    "multinomial": lambda data: logistic(data, three_classes(data)),
    "ridge": ridge,
    "pca": pca,
    "pls": pls,
    "correlations": lambda data: lambda: np.corrcoef(data.x, rowvar=False),
    "class-information": class_information,
    "number-information": number_information,
    "smote": smote,
    "label-propagation": label_propagation,
}.items()}
