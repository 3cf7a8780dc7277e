"""What outlets write before a date to say what it is the date of, in the languages that we read."""

import re

# Expressions, in lower case as lines are read. "Stand" alone is German for "as of".
UPDATED_WORDS = {
    "vi": (r"cập nhật", r"chỉnh sửa", r"sửa lần cuối"),
    "en": (r"updat", r"modif", r"edited", r"revised", r"reviewed on"),
    "de": (r"aktualisiert", r"geändert", r"änderung", r"zuletzt (?:am|bearbeitet)", r"bearbeitet am", r"stand\b"),
    "fr": (r"mise? à jour", r"màj", r"modifié"),
    "es, pt": (r"actualiza", r"atualiza", r"modificad"),
    "it": (r"aggiornat", r"ultima modifica"),
    "nl": (r"bijgewerkt", r"gewijzigd"),
    "pl, cs": (r"aktualizac", r"zaktualizowan"),
    "sv, da, nb": (r"uppdatera", r"opdatere", r"oppdater"),
    "ru, uk": (r"обновлен", r"изменен", r"оновлен"),
    "zh, ja, ko": (r"更新", r"修正", r"수정", r"업데이트"),
    "th, lo, km": (r"อัปเดต", r"อัพเดต", r"แก้ไข", r"ປັບປຸງ", r"ອັບເດດ", r"ធ្វើបច្ចុប្បន្នភាព"),
    "id, ms": (r"diperbarui", r"dikemas ?kini"),
    "tr": (r"güncelle",),
}
PUBLISHED_WORDS = {
    "vi": (r"ngày đăng", r"đăng (?:lúc|ngày|tải)", r"đăng:", r"xuất bản", r"ngày đưa", r"thời gian"),
    "en": (r"publish", r"posted", r"first", r"created"),
    "de": (r"veröffentlicht", r"erstellt", r"erschienen", r"online seit"),
    "fr": (r"publié", r"mise? en ligne"),
    "es, pt, it": (r"publicad", r"pubblicat"),
    "nl": (r"gepubliceerd", r"geplaatst op"),
    "pl, cs": (r"opublikowan", r"publikován", r"data publikacji"),
    "sv, da, nb": (r"publicera", r"publiser", r"udgivet", r"offentliggjort"),
    "ru, uk": (r"опубликован", r"опубліковано"),
    "zh, ja": (r"发布", r"發布", r"发表", r"發表", r"公開", r"掲載", r"配信"),
    "ko": (r"등록", r"입력", r"게시", r"기사입력"),
    "th, lo, km": (r"เผยแพร่", r"ເຜີຍແຜ່", r"ផ្សាយ"),
    "id": (r"diterbitkan", r"dipublikasikan", r"terbit"),
    "tr": (r"yayın",),
    # Nothing but "date": in a sentence the word means any date.
    "all": (r"^\W*(?:datum|date|tarih|fecha|data|дата|日期|日付|날짜)\W*$",),
}
# A date after these is the end or beginning of something else.
OTHER_WORDS = {
    "vi": (r"hạn(?: chót)?", r"đến(?: hết)?(?: ngày)?", r"từ ngày", r"tham gia"),
    "en": (r"until", r"expires?", r"registered", r"since", r"joined"),
    "de": (r"\bbis", r"registriert", r"(?<!online )seit", r"termin:?", r"verfügbar bis"),
    "fr": (r"jusqu'au",),
    "ru": (r"до",),
    "ja": (r"まで",),
}


def _any(words: dict[str, tuple[str, ...]]) -> str:
    return "|".join(word for group in words.values() for word in group)


UPDATED = re.compile(_any(UPDATED_WORDS))
PUBLISHED = re.compile(_any(PUBLISHED_WORDS))
EXPIRES = re.compile(rf"(?:{_any(OTHER_WORDS)})\W*$")
# A label that speaks of the whole site is not the article's.
SITE = re.compile(r"web ?site|\bsite\b|trang web|cổng thông tin|portal")
