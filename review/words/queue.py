"""The queue and the reasons for review."""

from review.words.types import Words

WORDS: Words = {
    # The queue.
    "queue": {"vi": "Bài chờ duyệt", "en": "Articles to review"},
    "queue_count": {"vi": "{count} bài chờ duyệt", "en": "To review: {count}"},
    "queue_empty": {"vi": "Không còn bài nào chờ duyệt.", "en": "Nothing is waiting for review."},
    "queue_no_match": {
        "vi": "Không có bài nào khớp với bộ lọc đang chọn.",
        "en": "No article matches the chosen filter.",
    },
    "clear_filter": {"vi": "Bỏ bộ lọc", "en": "Clear the filter"},
    "filter": {"vi": "Lọc", "en": "Filter"},
    "rule": {"vi": "Lý do cần duyệt", "en": "Reason for review"},
    "language": {"vi": "Ngôn ngữ", "en": "Language"},
    "topic": {"vi": "Chủ đề", "en": "Topic"},
    "order": {"vi": "Sắp xếp", "en": "Order"},
    "order_newest": {"vi": "Mới nhất trước", "en": "Newest first"},
    "order_flags": {"vi": "Nhiều lý do nhất trước", "en": "Most reasons first"},
    "all": {"vi": "Tất cả", "en": "All"},
    "page_of": {"vi": "Trang {page}/{pages}", "en": "Page {page} of {pages}"},
    "page_before": {"vi": "Trang trước", "en": "Previous page"},
    "page_after": {"vi": "Trang sau", "en": "Next page"},
    # Reasons for review.
    "flag.watch": {"vi": "Khớp truy vấn theo dõi “{query}”", "en": "Matches the watched query “{query}”"},
    "flag.low_confidence": {
        "vi": "Máy chưa chắc chắn: độ tin cậy {score}, dưới ngưỡng {threshold}",
        "en": "The machine is unsure: confidence {score}, below {threshold}",
    },
    "flag.date_anomaly": {
        "vi": "Ngày đăng đáng ngờ: {published_at} ({reason})",
        "en": "Doubtful publication date: {published_at} ({reason})",
    },
    "date.undated": {"vi": "bài không ghi ngày đăng", "en": "the article gives none"},
    "date.guessed": {"vi": "ngày do máy suy đoán", "en": "guessed by the machine"},
    "date.feed_differs": {"vi": "lệch so với nguồn cấp tin của báo", "en": "the outlet's feed says otherwise"},
    "date.future": {"vi": "ngày ở tương lai", "en": "in the future"},
    "flag.unsupported_language": {
        "vi": "Bài viết bằng {language}{words}{unmeasured}",
        "en": "Written in {language}{words}{unmeasured}",
    },
    "flag.no_lexicon": {
        "vi": "máy chưa có bộ từ vựng",
        "en": "the machine has no word list for it",
    },
    "flag.not_measured": {
        "vi": "chưa đo được ở ngôn ngữ này: {tasks}",
        "en": "not measured in this language: {tasks}",
    },
    "flag.audit": {
        "vi": "Mẫu kiểm tra ngẫu nhiên ({share} số bài)",
        "en": "Random audit sample ({share} of articles)",
    },
    "flag.learning": {
        "vi": "Chọn để máy học thêm: {because}",
        "en": "Chosen for the machine to learn from: {because}",
    },
    "because.relevance": {
        "vi": "máy chưa chắc về mức độ liên quan “{value}” (độ tin cậy {score})",
        "en": "it is unsure of the relevance “{value}” (confidence {score})",
    },
    "because.tone": {
        "vi": "máy chưa chắc về sắc thái “{value}” (độ tin cậy {score})",
        "en": "it is unsure of the tone “{value}” (confidence {score})",
    },
    "because.topic": {
        "vi": "máy phân vân giữa chủ đề “{topic}” ({score}) và “{other}” ({other_score})",
        "en": "it wavers between the topics “{topic}” ({score}) and “{other}” ({other_score})",
    },
    "because.near_topic": {
        "vi": "máy không xếp được chủ đề; gần nhất là “{topic}” ({score})",
        "en": "it names no topic; “{topic}” came closest ({score})",
    },
    "because.no_topic": {"vi": "máy không xếp được chủ đề nào", "en": "it names no topic"},
    "because.rare_topic": {
        "vi": "chủ đề “{value}” {labels} được gắn nhãn (cần khoảng {enough})",
        "en": "of the topic “{value}”, {labels} labelled so far (about {enough} are wanted)",
    },
    "because.rare_tone": {
        "vi": "sắc thái “{value}” {labels} được gắn nhãn (cần khoảng {enough})",
        "en": "of the tone “{value}”, {labels} labelled so far (about {enough} are wanted)",
    },
    "because.rare_language": {
        "vi": "{value} {labels} được gắn nhãn (cần khoảng {enough})",
        "en": "in {value}, {labels} labelled so far (about {enough} are wanted)",
    },
    "because_labels": {"vi": "mới có {count} bài", "en": "{count}"},
    "because_no_labels": {"vi": "chưa có bài nào", "en": "none"},
    "flag.revised": {
        "vi": "Bài đã được sửa sau khi đăng, nay là bản {revision}{change}",
        "en": "Edited after publication, now version {revision}{change}",
    },
    "flag.withdrawn": {
        "vi": "Bài đã bị gỡ khỏi trang gốc (máy chủ trả mã {status})",
        "en": "Withdrawn by the outlet (its server answers {status})",
    },
    "rule.watch": {"vi": "Truy vấn theo dõi", "en": "Watched query"},
    "rule.low_confidence": {"vi": "Máy chưa chắc chắn", "en": "Low confidence"},
    "rule.date_anomaly": {"vi": "Ngày đăng đáng ngờ", "en": "Doubtful date"},
    "rule.unsupported_language": {
        "vi": "Ngôn ngữ chưa hỗ trợ hoặc chưa đo",
        "en": "Unsupported or unmeasured language",
    },
    "rule.audit": {"vi": "Kiểm tra ngẫu nhiên", "en": "Random audit"},
    "rule.learning": {"vi": "Chọn để máy học thêm", "en": "To learn from"},
    "rule.revised": {"vi": "Bài được sửa", "en": "Edited"},
    "rule.withdrawn": {"vi": "Bài bị gỡ", "en": "Withdrawn"},
}
