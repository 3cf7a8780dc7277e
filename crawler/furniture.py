"""Lines that belong to the page, not to the article: share buttons, font sizes, ratings, app adverts.

Only whole lines are dropped, and only these: words that no paragraph of an article consists of.
"""

import re

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
    "分享", "打印", "收藏", "シェア(?:する)?", "印刷", "保存",
    "facebook|zalo|twitter|x|linkedin|whatsapp|telegram|messenger|line|weibo|微博|微信|вконтакте|pinterest",
)  # fmt: skip
LINE = re.compile(r"[-•*\s]*(?:" + "|".join(WORDS) + r")[\s:.!»>]*", re.IGNORECASE)


def is_furniture(line: str) -> bool:
    """Whether a line of an extracted body is page furniture."""
    return LINE.fullmatch(line) is not None
