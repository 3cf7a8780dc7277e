"""What stands on every page: names, logging in, problems, the keyboard."""

from review.words.types import Words

WORDS: Words = {
    # The desk.
    "name": {"vi": "Điểm Báo", "en": "Điểm Báo"},
    "desk": {"vi": "Bàn duyệt tin", "en": "Review desk"},
    "skip": {"vi": "Đến nội dung chính", "en": "Skip to content"},
    "vietnam_time": {"vi": "giờ Việt Nam", "en": "Vietnam time"},
    "times_vietnam": {"vi": "thời gian tính theo giờ Việt Nam", "en": "all times are Vietnam time"},
    "unknown": {"vi": "không rõ", "en": "unknown"},
    "none_yet": {"vi": "chưa có", "en": "none yet"},
    # Logging in.
    "log_in": {"vi": "Đăng nhập", "en": "Log in"},
    "log_out": {"vi": "Đăng xuất", "en": "Log out"},
    "user_name": {"vi": "Tên đăng nhập", "en": "User name"},
    "password": {"vi": "Mật khẩu", "en": "Password"},
    "wrong_login": {
        "vi": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "en": "The user name or the password is wrong.",
    },
    "wait_login": {
        "vi": "Bạn đã nhập sai nhiều lần. Hãy thử lại sau {seconds} giây.",
        "en": "Too many wrong attempts. Try again in {seconds} seconds.",
    },
    "switch": {"vi": "English", "en": "Tiếng Việt"},
    # Problems.
    "problem": {"vi": "Không thực hiện được", "en": "That did not work"},
    "not_found": {"vi": "Không có trang này.", "en": "There is no such page."},
    "expired_form": {
        "vi": "Biểu mẫu đã hết hạn. Hãy tải lại trang rồi thử lại.",
        "en": "This form has expired. Reload the page and try again.",
    },
    "bad_request": {"vi": "Yêu cầu không hợp lệ.", "en": "The request is not valid."},
    "no_database": {
        "vi": "Cơ sở dữ liệu đang bận hoặc tạm ngừng hoạt động. Chưa ghi gì; hãy thử lại sau ít phút.",
        "en": "The database is busy or away. Nothing was saved; try again in a few minutes.",
    },
    "too_large": {"vi": "Dữ liệu gửi lên quá lớn.", "en": "Too much was sent."},
    "changed": {
        "vi": "Bài này vừa thay đổi: có nhãn mới, bản mới hoặc nhận định mới. Chưa ghi gì; hãy xem lại rồi kết luận.",
        "en": "This article has just changed: new labels, text or tags. Nothing was saved; look again, then decide.",
    },
    "need_relevance": {"vi": "Hãy chọn mức độ liên quan.", "en": "Choose the relevance."},
    "need_topic": {"vi": "Hãy chọn chủ đề chính.", "en": "Choose the primary topic."},
    "same_topic": {"vi": "Mỗi chủ đề chỉ chọn một lần.", "en": "Choose each topic only once."},
    "need_tone": {
        "vi": "Hãy chọn sắc thái; nếu không rõ, chọn “Khó xác định”.",
        "en": "Choose the tone; if you cannot tell, choose “Unclear”.",
    },
    "evidence_elsewhere": {
        "vi": "Không thấy đoạn dẫn chứng này trong bài. Hãy chép đúng từng chữ, liền một mạch.",
        "en": "This evidence is not in the article. Copy the words exactly, from one place.",
    },
    "evidence_long": {
        "vi": "Dẫn chứng quá dài; hãy chọn đoạn ngắn nhất, chừng mười hai từ.",
        "en": "The evidence is too long; choose the shortest stretch, about twelve words.",
    },
    "nothing_to_confirm": {
        "vi": "Máy chưa có nhận định nào để xác nhận.",
        "en": "The machine has said nothing to confirm.",
    },
    "nothing_to_undo": {"vi": "Không có nhãn nào của bạn để hoàn tác.", "en": "You have no label to undo here."},
    # The keyboard.
    "keys": {"vi": "Phím tắt", "en": "Keys"},
    "close": {"vi": "Đóng", "en": "Close"},
    "keys_queue": {"vi": "Trong danh sách", "en": "In the list"},
    "keys_article": {"vi": "Khi đọc bài", "en": "In an article"},
    "keys_everywhere": {"vi": "Ở mọi trang", "en": "Everywhere"},
    "key.move": {"vi": "Xuống bài dưới, lên bài trên", "en": "Down, up"},
    "key.open": {"vi": "Mở bài đang chọn", "en": "Open the chosen article"},
    "key.next": {"vi": "Bài sau, bài trước", "en": "Next, previous article"},
    "key.original": {"vi": "Mở bài gốc trong thẻ mới", "en": "Open the original in a new tab"},
    "key.story": {"vi": "Sự kiện của bài", "en": "The article's story"},
    "key.confirm": {"vi": "Máy đúng, xác nhận", "en": "Confirm the machine's tags"},
    "key.save": {"vi": "Lưu nhãn đã sửa", "en": "Save the correction"},
    "key.not_relevant": {"vi": "Không liên quan đến Việt Nam", "en": "Not about Vietnam"},
    "key.unclear": {"vi": "Chưa kết luận được (bỏ ngỏ)", "en": "Cannot tell"},
    "key.relevance": {"vi": "Đổi mức độ liên quan", "en": "Change the relevance"},
    "key.topic": {"vi": "Tìm chủ đề: Enter để thêm, Esc để thôi", "en": "Find a topic: Enter adds, Esc leaves"},
    "key.tone": {"vi": "Sắc thái, theo thứ tự trên màn hình", "en": "Tone, in the order shown"},
    "key.valence": {"vi": "Đổi tính chất sự kiện", "en": "Change the valence"},
    "key.voice": {"vi": "Đổi giọng", "en": "Change the voice"},
    "key.evidence": {"vi": "Lấy đoạn đang bôi đen làm dẫn chứng", "en": "Take the selected words as evidence"},
    "key.unsure": {"vi": "Đánh dấu chưa chắc", "en": "Mark as unsure"},
    "key.undo": {"vi": "Hoàn tác", "en": "Undo"},
    "key.reset": {"vi": "Bỏ các thay đổi chưa lưu", "en": "Drop unsaved changes"},
    "key.list": {"vi": "Về danh sách", "en": "Back to the list"},
    "key.language": {"vi": "Đổi tiếng Việt, tiếng Anh", "en": "Switch Vietnamese, English"},
    "key.help": {"vi": "Mở bảng phím tắt này", "en": "Show these keys"},
}
