"""Stories: articles on one event, and how analysts put them together and apart."""

from review.words.types import Words

WORDS: Words = {
    "story_number": {"vi": "Sự kiện #{number}", "en": "Story #{number}"},
    "story_counts": {"vi": "{articles} bài trên {outlets} báo", "en": "articles: {articles}, outlets: {outlets}"},
    "story_span": {"vi": "từ {first} đến {last}", "en": "from {first} to {last}"},
    "story_none": {"vi": "Bài này chưa thuộc sự kiện nào.", "en": "This article is in no story yet."},
    "story_of_article": {"vi": "Xếp bài vào sự kiện", "en": "The article's story"},
    "articles": {"vi": "Các bài, theo thời gian", "en": "Articles, by time"},
    # Where it began.
    "earliest": {"vi": "Đăng sớm nhất", "en": "The earliest"},
    "earliest_mark": {"vi": "sớm nhất", "en": "earliest"},
    "agencies": {"vi": "Hãng tin được dẫn nguồn", "en": "News agencies named"},
    "agency_count": {"vi": "{agency} ({count} bài)", "en": "{agency} (articles: {count})"},
    "agency": {"vi": "Hãng tin: {agency}", "en": "News agency: {agency}"},
    "reprints": {"vi": "Bài đăng lại ở đây", "en": "Reprints here"},
    "copy_of": {"vi": "Đăng lại bài của {outlet} (giống {share})", "en": "Repeats {outlet} ({share} the same)"},
    "copy_outside": {"vi": "bài đó ở ngoài sự kiện này", "en": "which is outside this story"},
    "copied_by": {"vi": "Được đăng lại: {count} bài", "en": "Repeated by: {count}"},
    # Putting together and apart.
    "story_arrange": {"vi": "Chuyển hoặc tách bài", "en": "Move or split off"},
    "story_place": {"vi": "Xếp vào một sự kiện", "en": "Put it into a story"},
    "split": {"vi": "Tách ra", "en": "Split off"},
    "split_long": {"vi": "Tách thành sự kiện riêng", "en": "Split off into a story of its own"},
    "split_hint": {
        "vi": "Bài không nói về sự kiện này và cũng không thuộc sự kiện nào dưới đây.",
        "en": "The article is not about this event, nor about one of those below.",
    },
    "move": {"vi": "Chuyển…", "en": "Move…"},
    "move_long": {"vi": "Chuyển sang sự kiện khác", "en": "Move to another story"},
    "move_here": {"vi": "Xếp vào đây", "en": "Put it here"},
    "join": {"vi": "Xếp chung với bài này", "en": "Put with this article"},
    "merge": {"vi": "Gộp với sự kiện khác", "en": "Merge with another story"},
    "merge_hint": {
        "vi": "Mọi bài của sự kiện được chọn sẽ chuyển sang đây. Máy không tự tách lại; bạn có thể hoàn tác.",
        "en": "All articles of the chosen story come here. The machine will not part them; you can undo it.",
    },
    "merge_here": {"vi": "Gộp vào đây", "en": "Merge into this"},
    "add_here": {"vi": "Thêm bài này", "en": "Add this article"},
    "find": {
        "vi": "Tìm theo từ, số sự kiện hoặc địa chỉ trang",
        "en": "Find by words, story number or page address",
    },
    "find_button": {"vi": "Tìm", "en": "Find"},
    "found": {"vi": "Kết quả tìm “{words}”", "en": "Found for “{words}”"},
    "found_none": {"vi": "Không tìm thấy sự kiện hay bài nào.", "en": "No story or article was found."},
    "near": {"vi": "Giống nhất và gần thời gian nhất", "en": "Most alike, then nearest in time"},
    "near_none": {
        "vi": "Không có sự kiện nào gần thời gian này; hãy tìm bằng từ.",
        "en": "There is no story near this time; find one by words.",
    },
    "lone": {"vi": "bài chưa thuộc sự kiện nào", "en": "an article in no story yet"},
    # What was changed, and by whom. Numbers of stories and headlines follow the words.
    "story_history": {"vi": "Thay đổi của người duyệt", "en": "Changes by analysts"},
    "act.merge.in": {"vi": "gộp vào đây sự kiện", "en": "merged in story"},
    "act.merge.out": {"vi": "gộp các bài ở đây vào sự kiện", "en": "merged this one into story"},
    "act.place.in": {"vi": "xếp bài vào đây", "en": "put here"},
    "act.place.out": {"vi": "chuyển bài sang sự kiện", "en": "moved to story"},
    "act.from": {"vi": "từ sự kiện", "en": "from story"},
    "act_count": {"vi": "{count} bài", "en": "articles: {count}"},
    "act_saved": {"vi": "Đã ghi", "en": "Saved"},
    # Problems.
    "story.no_story": {"vi": "Không có sự kiện này.", "en": "There is no such story."},
    "story.no_article": {"vi": "Không có bài này.", "en": "There is no such article."},
    "story.same_story": {
        "vi": "Không thể gộp sự kiện với chính nó; hãy chọn sự kiện khác.",
        "en": "A story cannot be merged with itself; choose another.",
    },
    "story.already_there": {
        "vi": "Bài đang ở chính sự kiện này; hãy chọn sự kiện khác.",
        "en": "The article is in this story already; choose another.",
    },
    "story.same_article": {
        "vi": "Không thể xếp bài chung với chính nó; hãy chọn bài khác.",
        "en": "An article cannot be put with itself; choose another.",
    },
    "story.emptied": {
        "vi": "Sự kiện được chọn không còn bài nào: các bài vừa được chuyển đi. Chưa ghi gì; hãy xem lại.",
        "en": "The chosen story is empty: its articles have just been moved. Nothing was saved; look again.",
    },
    "story.only_article": {
        "vi": "Sự kiện chỉ có một bài này, không còn gì để tách.",
        "en": "This is the only article of the story; there is nothing to split.",
    },
    "story.in_no_story": {
        "vi": "Bài chưa thuộc sự kiện nào, không có gì để tách.",
        "en": "The article is in no story; there is nothing to split.",
    },
    "story.taken_back": {
        "vi": "Không còn gì để hoàn tác: sau đó các bài đã được xếp lại.",
        "en": "There is nothing left to undo: the articles have been moved since.",
    },
    "story.changed": {
        "vi": "Bài vừa được xếp sang sự kiện khác. Chưa ghi gì; hãy xem lại rồi quyết định.",
        "en": "The article has just been moved to another story. Nothing was saved; look again, then decide.",
    },
}
