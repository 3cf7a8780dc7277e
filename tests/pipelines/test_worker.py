from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from classify.predict import Classifier
from classify.stories import CommonWords
from crawler.archive import WarcArchive
from crawler.extraction.article import Discard
from crawler.extraction.hints import Hints
from pipelines import worker
from pipelines.worker import MIN_COPY, PageJob, detect_language, process_page, process_pages

PARAGRAPHS = [
    "Chiều 8/11, tại Hà Nội, hai bên đã bàn về hợp tác giáo dục và nhất trí tăng số học bổng cho sinh viên Việt Nam.",
    "Các trường đại học đã sẵn sàng đón những sinh viên đầu tiên ngay từ mùa thu tới, đại diện hai bên cho biết thêm.",
    "Theo thông cáo, cuộc gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ ở thủ đô Hà Nội.",
]
PAGE = "<html lang=vi><meta charset=utf-8><title>{}</title><body><h1>{}</h1><article>{}</article></body></html>"


@pytest.fixture(autouse=True)
def _classifier(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped models, without the limit on memory that a real worker sets on itself."""
    monkeypatch.setattr(worker, "_classifier", Classifier.load(root / "models", root / "data"))
    monkeypatch.setattr(worker, "_common_words", CommonWords.load(root / "data" / "common_words.tsv"))


def job(folder: Path, body: bytes, **changes: object) -> PageJob:
    archive = WarcArchive(folder / str(len(list(folder.iterdir()))), software="test")
    record = archive.write(
        url="http://bao-mau.vn/tin",
        status=200,
        request_headers=b"",
        response_headers=b"Content-Type: text/html",
        body=body,
    )
    archive.close()
    values = {
        "page_id": 1,
        "url": "http://bao-mau.vn/tin",
        "folder": str(archive.folder),
        "record": (record.file, record.offset),
        "timezone": "Asia/Ho_Chi_Minh",
        "languages": ("vi",),
        "fetched_at": datetime(2026, 11, 9, tzinfo=UTC),
    }
    return PageJob(**values | changes)  # type: ignore[arg-type]


def page(title: str = "Việt Nam thúc đẩy hợp tác giáo dục", paragraphs: list[str] = PARAGRAPHS) -> bytes:
    return PAGE.format(title, title, "".join(f"<p>{text}</p>" for text in paragraphs)).encode()


def test_a_page_becomes_an_article_with_its_prediction(tmp_path: Path) -> None:
    result = process_page(job(tmp_path, page()))
    assert result.extracted is not None
    assert result.prediction is not None
    assert (result.page_id, result.discard, result.problem) == (1, None, "")
    assert result.extracted.article.title == "Việt Nam thúc đẩy hợp tác giáo dục"
    assert (result.extracted.language, result.prediction.language) == ("vi", "vi")
    assert result.prediction.relevance in ("central", "substantial")
    assert "viet nam thuc day" in result.extracted.folded
    assert "việt nam thúc đẩy" in result.extracted.exact
    assert result.prediction.language_confidence <= 1.0


def test_the_outlets_hints_are_followed_and_kept_with_the_article(tmp_path: Path) -> None:
    body = page(paragraphs=[*PARAGRAPHS, "</p><div class='khac'><p>Bài khác: " + PARAGRAPHS[0] + "</p></div><p>"])
    plain, hinted = process_pages([job(tmp_path, body), job(tmp_path, body, hints=Hints(remove=("div.khac",)))])
    assert plain.extracted is not None
    assert hinted.extracted is not None
    assert "Bài khác" in plain.extracted.article.body
    assert hinted.extracted.article.body == "\n".join(PARAGRAPHS)
    assert hinted.extracted.extractor.startswith(plain.extracted.extractor + "+")


def test_equal_letters_are_an_exact_copy(tmp_path: Path) -> None:
    texts = [
        PARAGRAPHS,
        [text.upper().replace(",", " -") for text in PARAGRAPHS],
        [*PARAGRAPHS[:2], PARAGRAPHS[2] + " Thêm."],
    ]
    jobs = [job(tmp_path, page(paragraphs=paragraphs)) for paragraphs in texts]
    digests = [result.extracted.text_digest for result in process_pages(jobs) if result.extracted]
    assert len(digests) == 3
    assert digests[0] == digests[1] is not None
    assert digests[2] not in (None, digests[0])


def test_a_short_text_is_nobodys_copy(tmp_path: Path) -> None:
    result = process_page(job(tmp_path, page(paragraphs=[PARAGRAPHS[0][:100]])))
    assert result.extracted is not None
    assert len(result.extracted.article.body) < MIN_COPY
    assert result.extracted.text_digest is None


def test_what_is_no_article_is_a_counted_outcome(tmp_path: Path) -> None:
    for body, reason in [(b"", Discard.EMPTY), (b"<html><body>Tin</body></html>", Discard.NO_BODY)]:
        result = process_page(job(tmp_path, body))
        assert (result.discard, result.problem, result.extracted) == (reason, "", None)


def test_a_missing_record_is_told_of(tmp_path: Path) -> None:
    result = process_page(job(tmp_path, page(), record=("gone.warc.gz", 0)))
    assert "cannot read the archive" in result.problem
    assert result.discard is None


@pytest.mark.parametrize(("error", "says"), [(MemoryError(), "more memory than"), (KeyError("x"), "KeyError: 'x'")])
def test_no_page_takes_the_worker_with_it(tmp_path: Path, error: Exception, says: str) -> None:
    good = job(tmp_path, page())
    with patch.object(worker, "understand", side_effect=error):
        result = process_page(good)
    assert says in result.problem
    assert result.record == good.record


def test_the_language_of_a_text_that_tells_none() -> None:
    assert detect_language("123", "456 789", "vi", ("vi", "en")) == ("vi", 0.5)
    assert detect_language("123", "456 789", "vi", ("en",))[0] == "und"
    assert detect_language("123", "456 789", None, ("vi",))[0] == "und"
    language, confidence = detect_language(
        "Vietnam signs a trade agreement", "The two countries agreed to it.", "vi", ("vi",)
    )
    assert language == "en"
    assert confidence > 0.5
