"""The codes of faults (E) and notes (N): each is a kind of cause that an editor can look up.

A code never changes its meaning once it was released, and none is used again. A new cause gets the next free number of
its group; a group has the codes of ten numbers.
"""

from enum import StrEnum, unique


@unique
class Code(StrEnum):
    """A fault is to be mended; a note is advice."""

    # Files and their encoding
    NOT_UTF8 = "E001"
    NOT_PLAIN_TEXT = "E002"
    CONTROL_CHARACTER = "E003"
    EMPTY_FILE = "E004"
    NO_FIELDS = "E005"
    UNFINISHED_MERGE = "E006"
    SECOND_DOCUMENT = "E007"
    TOML = "E008"
    UNREADABLE = "E009"
    NOT_READ = "N001"  # a file that only looks like one to read

    # Signs that mean something to YAML
    COLON_IN_VALUE = "E010"
    SIGN_BEFORE_VALUE = "E011"
    HASH_IN_VALUE = "E012"
    MARK_IN_VALUE = "E013"
    UNCLOSED_MARK = "E014"
    UNCLOSED_BRACKET = "E015"
    TYPOGRAPHIC_MARKS = "E016"
    ODD_INDENTATION = "E017"
    ODD_SPACE = "E018"
    NO_SPACE = "E019"
    MARKS_SEEN = "N010"
    COMMENT_BEHIND = "N011"

    # How YAML is set out
    LOOKALIKE_SIGN = "E020"
    NO_BAR = "E021"
    TEXT_NOT_INDENTED = "E022"
    TEXT_BESIDE_BAR = "E023"
    BACKSLASH = "E024"
    COMMA_IN_BRACES = "E025"
    BRACES = "E026"
    COMMA_TOO_MANY = "E027"
    NO_FIELD = "E028"
    MISPLACED = "E029"
    LINES_JOINED = "N020"
    LINE_LOST = "N021"

    # What YAML can do and no article needs
    TOO_DEEP = "E030"
    TOO_MANY_MEMBERS = "E031"
    DIRECTIVES = "E032"
    NAME_IS_NO_WORD = "E033"
    TOO_MANY_FAULTS = "E034"
    TWO_FIELDS = "E035"  # on one line

    # Fields
    UNKNOWN_FIELD = "E040"
    OTHER_NAME = "E041"
    DOUBLED_FIELD = "E042"
    MISSING_FIELD = "E043"
    EMPTY_FIELD = "E044"
    FIELD_NOT_INDENTED = "E045"
    FIELDS_WANTED = "E046"
    FOREIGN_FIELD = "E047"  # of another generator, and written otherwise here
    NOT_OF_PAGES = "E048"
    CONTRADICTION = "E049"

    # Values
    TEXT_WANTED = "E050"
    TOO_LONG = "E051"
    LIST_WANTED = "E052"
    TOO_MANY_ITEMS = "E053"
    EMPTY_ITEM = "E054"
    NO_CHOICE = "E055"
    NO_NUMBER = "E056"
    NO_LANGUAGE = "E057"
    EXAMPLE_LEFT = "N050"
    LOOKALIKE_IN_LIST = "N051"
    UNHEARD_LANGUAGE = "N052"
    MARKUP_SEEN = "N053"
    TITLE_TWICE = "N054"

    # Dates and durations
    NO_MOMENT = "E060"
    NO_SUCH_DAY = "E061"
    YEAR_OUTSIDE = "E062"
    CLOCK_CHANGE = "E063"
    STATE_AS_DATE = "E064"
    BEFORE_PUBLISHED = "E065"
    NO_DURATION = "E066"
    DAY_OF_NAME = "N060"
    FAR_AHEAD = "N061"
    CHANGE_AHEAD = "N062"
    DAY_WITHOUT_TIMES = "N063"

    # Addresses
    NO_WEB_ADDRESS = "E070"
    NO_ADDRESS = "E071"
    NO_EMAIL = "E072"
    NO_ALIAS = "E073"
    OWN_ADDRESS = "E074"
    UNFIT_ADDRESS = "E075"  # no file can stand there on every system
    NO_SLUG = "E076"
    NO_ID = "E077"
    LOST_ADDRESS = "N070"
    COVERED_ALIAS = "N071"
    COVERED_PAGE = "N072"
    LOST_LINK = "N073"
    LOST_FRAGMENT = "N074"
    EARLY_ADDRESS = "N075"

    # What two files claim
    TAKEN_ID = "E080"
    TAKEN_ADDRESS = "E081"
    TAKEN_ALIAS = "E082"
    COPY = "E083"
    TWINS = "E084"
    ALIAS_OVER_FILE = "E085"
    MIX_OVER_SECTION = "E086"
    WITHOUT_ID = "N080"
    RENAMED = "N081"
    TWIN_NAMES = "N082"
    UNFIT_NAME = "N083"

    # Pictures and recordings
    UNPUBLISHED_ENDING = "E090"
    NO_MEDIA_TYPE = "E091"
    UNKNOWN_MEDIA_TYPE = "E092"
    NO_LENGTH = "E093"
    LOST_MEDIA = "N090"
    OTHER_LENGTH = "N091"
    LARGE_PICTURE = "N092"
    BROKEN_PICTURE = "N093"
    PLACE_TOLD = "N094"

    # Markdown
    TEXT_NOT_SET = "E100"
    NOTHING_SEEN = "N100"
    FOREIGN_CODE = "N101"
    FOREIGN_ELEMENT = "N102"
    LOST_FOOTNOTE = "N103"
    LOST_PICTURE = "N104"
    NO_HEADING = "N105"
    NO_LINK = "N106"
    NO_LIST = "N107"
    MISREAD = "N108"
    SIGNS_SEEN = "N109"

    # site.yaml
    NO_SITE_YAML = "E110"
    NO_BASE_URL = "E111"
    NO_TIMEZONE = "E112"
    NO_SECTION = "E113"
    NO_COLLECTION = "E114"
    NO_MESSAGE = "E115"
    MESSAGE_FORM = "E116"
    ROBOTS_LINE = "E117"
    NO_HUB = "N110"
    UNKNOWN_SECTION = "N111"
    UNKNOWN_AUTHOR = "N112"
    EMPTY_COLLECTION = "N113"

    # The theme
    NO_COLOUR = "E120"
    TEMPLATE = "E121"
    THEME_TOO_LARGE = "E122"
    PALE_COLOUR = "N120"
    UNUSED_TEMPLATE = "N121"
    STYLE_ELSEWHERE = "N122"

    # The folder as a whole
    FOLDER_AS_ARTICLE = "E130"
    UNFOLLOWED_LINK = "E131"
    TOO_MANY_FOLDERS = "E132"
    UNREADABLE_NAME = "E133"
    LEFT_BEHIND = "N130"

    @property
    def is_note(self) -> bool:
        return self.startswith("N")
