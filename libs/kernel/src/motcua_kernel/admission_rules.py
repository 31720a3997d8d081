"""The rules that an event may break at the door, each with what would be right, vi and en."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

from motcua_kernel.errors import KernelError

Language: TypeAlias = Literal["vi", "en"]


class Rule(NamedTuple):
    """What a rule asks for; the sentences may name facts of a case in braces."""

    vi: str
    en: str

    def told(self, language: Language, facts: dict[str, str]) -> str:
        """The sentence in a language, with the facts of a case."""
        return (self.vi if language == "vi" else self.en).format_map(facts)


RULES: Final[dict[str, Rule]] = {
    "json": Rule("một đối tượng JSON bằng UTF-8", "a JSON object in UTF-8"),
    "protobuf": Rule(
        "một thông điệp motcua.dossier.v1.Publication", "a motcua.dossier.v1.Publication"
    ),
    "required": Rule("phải có giá trị", "a value"),
    "form": Rule("giá trị đúng dạng: {form}", "a value of the form: {form}"),
    "unknown-field": Rule(
        "chỉ các trường của hợp đồng: sự kiện không mang họ tên, số định danh, điện thoại, địa chỉ "
        "hay văn bản tự do",
        "only the fields of the contract: an event carries no name, identity number, phone, "
        "address or free text",
    ),
    "type": Rule(
        "một loại của motcua.dossier.v1, ví dụ motcua.dossier.v1.Received",
        "a message of motcua.dossier.v1, such as motcua.dossier.v1.Received",
    ),
    "id": Rule(
        "1 đến 128 ký tự gồm chữ không dấu, số và . _ : / + = ~ -",
        "1 to 128 unaccented letters, digits and . _ : / + = ~ -",
    ),
    "source": Rule(
        "1 đến 256 ký tự của một URI: chữ không dấu, số và . _ : / + = ~ ? # & % -",
        "1 to 256 characters of a URI: unaccented letters, digits and . _ : / + = ~ ? # & % -",
    ),
    "code": Rule(
        "một mã không quá 128 ký tự, gồm chữ không dấu, số và . _ : / + -; không phải họ tên",
        "a code of at most 128 unaccented letters, digits and . _ : / + -; never a name",
    ),
    "personal-number": Rule(
        "một mã, không phải số định danh, số điện thoại hay số tài khoản",
        "a code, never an identity, phone or account number",
    ),
    "mark": Rule(
        "HMAC dài 16 đến 64 byte dưới khóa bí mật của tỉnh",
        "an HMAC of 16 to 64 bytes under the provincial secret",
    ),
    "minutes": Rule("1 đến 5.270.400 phút", "1 to 5,270,400 minutes"),
    "dossier-code": Rule(
        "mã hồ sơ như 000.00.31.H16-201104-0001 hoặc H16.25-260302-0001",
        "a dossier code such as 000.00.31.H16-201104-0001 or H16.25-260302-0001",
    ),
    "sequence": Rule("một số thập phân nhỏ hơn 2^63", "a decimal number below 2^63"),
    "time": Rule(
        "thời điểm RFC 3339 có múi giờ, ví dụ 2026-03-02T08:15:00+07:00",
        "an RFC 3339 time with its offset, such as 2026-03-02T08:15:00+07:00",
    ),
    "future": Rule(
        "một thời điểm đã đến, dung sai 5 phút", "a time that has come, 5 minutes of tolerance"
    ),
    "past": Rule("một thời điểm từ ngày 01/01/2000", "a time on or after 2000-01-01"),
    "procedure": Rule(
        "mã thủ tục có trong danh mục và có hiệu lực vào ngày đó",
        "a procedure of the registry, valid on that day",
    ),
    "unit": Rule("mã định danh của một đơn vị trong danh mục", "the id of a unit of the registry"),
    "department": Rule(
        "một phòng mà đơn vị giải quyết đã khai báo",
        "a department that the resolving unit declares",
    ),
    "authority": Rule(
        "một đơn vị mà hệ thống gửi này được phép gửi thay",
        "a unit that this publisher speaks for",
    ),
    "conflict": Rule(
        "nội dung mà {publisher} đã gửi cho sự kiện {id}, hoặc một id mới",
        "the content that {publisher} gave event {id} before, or a new id",
    ),
    "date": Rule(
        "một ngày như 02/03/2026, 02/03/2026 08:15, 2026-03-02 hoặc 20260302081500",
        "a date such as 02/03/2026, 02/03/2026 08:15, 2026-03-02 or 20260302081500",
    ),
    "default-date": Rule(
        "ngày thật, hoặc để trống; năm trước 1990 là giá trị mặc định của phần mềm",
        "a real date, or nothing; a year before 1990 is a system's default",
    ),
    "end-date": Rule(
        "ngày kết thúc, trả, rút hoặc tạm dừng mà trạng thái của dòng này đòi hỏi",
        "the date of ending, returning, withdrawing or pausing that the status of the row needs",
    ),
    "order": Rule(
        "ngày không sớm hơn ngày của bước trước đó",
        "a date not before that of the step that comes first",
    ),
    "status-word": Rule(
        "một trong mười trạng thái quốc gia, mã hoặc tên; hoặc khai báo từ này trong cấu hình nhập",
        "one of the ten national statuses, by code or name; or the word explained in the mapping",
    ),
    "channel-word": Rule(
        "Trực tiếp, Trực tuyến hoặc Bưu chính; hoặc khai báo từ này trong cấu hình nhập",
        "counter, online or post; or the word explained in the mapping",
    ),
    "unit-word": Rule(
        "mã hoặc tên của đúng một đơn vị có hiệu lực ngày đó, hoặc khai báo trong cấu hình nhập",
        "id, code or name of exactly one unit that stood on that day, or the mapping explains it",
    ),
    "unreadable": Rule(
        "một sự kiện motcua.dossier.v1.DossierEvent đọc được",
        "a readable motcua.dossier.v1.DossierEvent",
    ),
    "publisher": Rule(
        "hệ thống gửi mang tên của chủ đề này", "the publisher that this topic is named after"
    ),
    "timestamp-type": Rule(
        "chủ đề ghi thời điểm của máy chủ (message.timestamp.type LogAppendTime)",
        "a topic that keeps the broker's time (message.timestamp.type LogAppendTime)",
    ),
}
"""Every rule by its stable word, which is also the last part of a problem's type."""


class Rejected(KernelError):  # noqa: N818
    """An event breaks a rule: sending it again unchanged is useless.

    `field` is a JSON pointer within the event in JSON, `rule` a word of `RULES`.
    """

    def __init__(self, field: str, rule: str, **facts: str) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule
        self.facts = facts

    def expected(self, language: Language) -> str:
        """What would be right.

        >>> Rejected("/time", "past").expected("en")
        'a time on or after 2000-01-01'
        """
        return RULES[self.rule].told(language, self.facts)
