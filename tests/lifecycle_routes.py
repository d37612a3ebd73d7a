"""The addresses of lifecycle's registers in the API, and who may go there; read as `tests.routes`."""

from tests.marks import ALL, DESK_OF_IT, OFFICE, OFFICE_OF_IT

# Whoever keeps registers: those who lead cards, and compliance.
REGISTERS = "yyynynn"
REGISTERS_OF_IT = "yy-nynn"
COMPLIANCE = "ynnnynn"
# What is said of an agent's month: those who lead the agent, and the agent.
OF_AGENT = "yy--yy-"

LIFECYCLE_API = {
    "api:appraisal-list": ("", ALL),
    "api:appraisal-detail": ("appraisal", OF_AGENT),
    "api:carriernotice-list": ("", OFFICE),
    "api:carriernotice-detail": ("notice", OFFICE),
    "api:carriernotice-withdraw": ("notice", "post " + REGISTERS),
    "api:complaint-list": ("", OFFICE),
    "api:complaint-detail": ("complaint", OFFICE_OF_IT),
    "api:complaint-take-back": ("complaint", "post " + REGISTERS_OF_IT),
    "api:customerproblem-solve": ("problem", "post yy-nny-"),
    "api:forwarding-list": ("", REGISTERS),
    "api:forwarding-detail": ("forwarding", REGISTERS_OF_IT),
    "api:forwarding-set-up": ("forwarding", "post " + REGISTERS_OF_IT),
    "api:forwarding-end": ("forwarding", "post " + REGISTERS_OF_IT),
    "api:numbermark-list": ("", OFFICE),
    "api:numbermark-detail": ("mark", OFFICE_OF_IT),
    "api:numbermark-end": ("mark", "post " + REGISTERS_OF_IT),
    "api:numbernotice-list": ("", REGISTERS),
    "api:numbernotice-detail": ("number_notice", REGISTERS_OF_IT),
    "api:numbernotice-change": ("number_notice", "post " + REGISTERS_OF_IT),
    "api:numbernotice-people": ("number_notice", "post " + REGISTERS_OF_IT),
    "api:numbernotice-results": ("number_notice", "post " + REGISTERS_OF_IT),
    "api:numbernotice-result": ("number_notice", "post " + REGISTERS_OF_IT),
    "api:qualitycheck-list": ("", REGISTERS),
    "api:qualitycheck-detail": ("quality_check", REGISTERS_OF_IT),
    "api:reverification-list": ("", OFFICE),
    "api:reverification-detail": ("clock", OFFICE_OF_IT),
    "api:reverification-done": ("clock", "post " + REGISTERS_OF_IT),
    "api:reward-list": ("", ALL),
    "api:reward-detail": ("reward", OF_AGENT),
    "api:reward-withdraw": ("reward", "post " + DESK_OF_IT),
    "api:article-list": ("", OFFICE),
    "api:article-detail": ("article", OFFICE),
    "api:article-change": ("article", "post " + REGISTERS),
    "api:audit-list": ("", COMPLIANCE),
    "api:audit-detail": ("audit", COMPLIANCE),
    "api:audit-answers": ("audit", "post " + COMPLIANCE),
    "api:audit-close": ("audit", "post " + COMPLIANCE),
    "api:directoryentry-list": ("", OFFICE),
    "api:law-list": ("", OFFICE),
    "api:law-detail": ("law", OFFICE),
    "api:law-review": ("law", "post " + COMPLIANCE),
    "api:matter-step-complete": ("matter identity", "post " + COMPLIANCE),
    "api:matter-extend": ("matter", "post " + COMPLIANCE),
    "api:matter-answer": ("matter", "post " + COMPLIANCE),
    "api:matter-close": ("matter", "post " + COMPLIANCE),
    "api:idcheck-list": ("", REGISTERS),
    "api:idcheck-detail": ("id_check", REGISTERS_OF_IT),
    "api:idcheck-mine": ("", "ynnnnyy"),
    "api:idcheck-answer": ("id_check", "post -nnnny-"),
    "api:idcheck-settle": ("id_check", "post " + REGISTERS_OF_IT),
    "api:sanction-list": ("", REGISTERS),
    "api:sanction-detail": ("sanction", REGISTERS),
    "api:sanction-lift": ("sanction", "post " + COMPLIANCE),
    "api:registrant-copies": ("registrant", REGISTERS),
    "api:registrant-copy-remove": ("registrant id_copy", "post " + COMPLIANCE),
}
