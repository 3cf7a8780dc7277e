"""Lines that belong to the page, not to the article: share buttons, font sizes, ratings, app adverts.

Only whole lines are dropped, and only these: words that no paragraph of an article consists of.
"""

import re
import unicodedata

from crawler.text import CONTROL

WORDS = (
    r"chia sẻ(?: bài viết| lên facebook)?", "in(?: bài| trang| bài viết)", "lưu bài(?: viết)?",
    r"gửi (?:email|bình luận)", r"cỡ chữ.*", r"a[-+\s]*a[-+\s]*", "nghe đọc bài", "bình luận", "trở lại",
    "quay lại", "tin liên quan", "tin cùng chuyên mục", "xem thêm", "đọc thêm",
    "theo dõi .{0,30} trên google news", r"tải ứng dụng.*", r"phiên làm việc của bạn đã hết hạn.*",
    r"tổng số điểm của bài viết là:?.*", r"xếp hạng:? [\d.,/\s-]+.*", "click để đánh giá bài viết",
    r"đang truy cập:?.*", r"(?:hôm nay|tháng hiện tại|tổng lượt truy cập):? ?[\d.,\s]+", "đăng ký nhận tin",
    "từ khóa:?|từ khoá:?", "share(?: this(?: article| story)?)?", "print(?: this page)?",
    "save(?: article| for later)?", "text size.*", "e-?mail", "copy link", "read more",
    "related (?:stories|articles)", "advertisement", "partager", "imprimer", "enregistrer", "lire aussi",
    "поделиться", "распечатать", "сохранить", "читайте также",
    "分享(?:到|至)?", "打印", "收藏", "字号.{0,12}", "字體大小.{0,12}", "(?:この記事を)?シェア(?:する)?",
    "印刷(?:する)?", "保存(?:する)?", "文字サイズ.{0,12}", "공유(?:하기)?", "기사 ?공유", "인쇄(?:하기)?",
    "글자 ?크기.{0,12}", "스크랩", "แชร์", "พิมพ์",
    "compartir", "imprimir", "guardar", "(?:artikel )?(?:teilen|drucken|merken)",
    "facebook|zalo|twitter|x|linkedin|whatsapp|telegram|messenger|line|weibo|微博|微信|вконтакте|pinterest",
)  # fmt: skip
LINE = re.compile(r"[-•*\s]*(?:" + "|".join(WORDS) + r")[\s:.!»>]*", re.IGNORECASE)


def is_furniture(line: str) -> bool:
    """Whether a line of an extracted body is page furniture."""
    return LINE.fullmatch(line) is not None


def paragraphs_of(text: str, title: str) -> list[str]:
    """The lines of an extracted text that belong to the article, as we keep them: NFC, no control characters."""
    lines = [" ".join(CONTROL.sub("", line).split()) for line in text.split("\n")]
    lines = [unicodedata.normalize("NFC", line) for line in lines if line and not is_furniture(line)]
    # The heading repeated above the text is not text of the article.
    return [line for at, line in enumerate(lines) if at > 4 or line != title] if len(lines) > 1 else lines
