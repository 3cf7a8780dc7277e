"""News on the work of external information itself, pasted with menus and related links, must be told as such."""

from pathlib import Path

import pytest
import yaml

from classify.predict import Classifier
from classify.types import Document

SAMPLES = yaml.safe_load((Path(__file__).parent / "external_info.yaml").read_text(encoding="utf-8"))
FURNITURE = ("Tin cùng chuyên mục", "Tin liên quan", "Đọc nhiều nhất", "Related news", "See also")


def test_the_samples_are_varied_and_carry_furniture() -> None:
    languages = [sample["language"] for sample in SAMPLES]
    assert (languages.count("vi") >= 8, languages.count("en") >= 2) == (True, True)
    assert len({sample["title"] for sample in SAMPLES}) == len(SAMPLES)
    assert all(any(mark in sample["text"] for mark in FURNITURE) for sample in SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["title"][:40] for sample in SAMPLES])
def test_the_work_of_external_information_has_its_topic(classifier: Classifier, sample: dict[str, str]) -> None:
    found = classifier.predict(Document(sample["title"], sample["text"]))
    assert found.language == sample["language"]
    assert found.relevance == "central"
    assert "external_info" in found.topics, {k: v for k, v in found.scores.items() if k.startswith("topic:")}
    assert any(span.tag == "topic:external_info" for span in found.evidence)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Giá cà phê xuất khẩu lập đỉnh", "Giá cà phê robusta tăng 3% trong tuần, doanh nghiệp ký thêm hợp đồng."),
        ("Đội tuyển nữ thắng 3-0", "Ba bàn thắng trong hiệp hai giúp đội tuyển bóng đá nữ giành trọn ba điểm."),
        ("Bão số 9 đổ bộ miền Trung", "Bão làm tốc mái hàng trăm ngôi nhà, nhiều tuyến đường ngập sâu."),
    ],
)
def test_other_news_is_not(classifier: Classifier, title: str, text: str) -> None:
    assert "external_info" not in classifier.predict(Document(title, text)).topics
