"""Workers are forked from a process that has everything: one that is replaced must not import it again."""

import json
import subprocess
import sys
from pathlib import Path

CODE = """
import json, sys
from pathlib import Path
import pipelines.preload
before = set(sys.modules)
from classify.predict import Classifier
from classify.types import Document
texts = ("Hà Nội mưa to.", "Rain in Vietnam, officials said.", "越南河内大雨。", "Filipijnen", "ฝนตกหนักในเวียดนาม")
Classifier.load(Path("models"), Path("data")).predict_batch(Document("Vietnam", text) for text in texts)
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""
HEAVY = {"babel", "joblib", "numpy", "pandas", "py3langid", "scipy", "sklearn", "torch", "underthesea", "yaml"}


def test_a_worker_has_what_prediction_imports(root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CODE], check=True, cwd=root, capture_output=True, text=True)
    new = set(json.loads(done.stdout))
    assert new & HEAVY == set()
    assert len(new) < 20, new
