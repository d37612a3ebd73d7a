"""What is held in words about people in alerts, cases and at the compliance desk."""

from cardfleet.kernel.personal import keeps

keeps("lifecycle.alert", says=("params", "evidence"), plain=("code",))
keeps("lifecycle.alertgroup", plain=("key", "kind", "code", "reason"))
keeps("lifecycle.approval", says=("note",))
keeps("lifecycle.article", says=("title", "text"), plain=("tags",))
keeps("lifecycle.audit", says=("title", "conclusion"), plain=("industry",))
keeps("lifecycle.auditanswer", says=("note",))
keeps("lifecycle.calendarday", plain=("name",))
keeps("lifecycle.callquality", says=("note",))
keeps("lifecycle.cardswitch", says=("note",))
keeps("lifecycle.carriernotice", says=("title",), plain=("regions", "source"))
keeps("lifecycle.case", says=("note", "facts", "closing_note"), plain=("reason", "track"))
keeps("lifecycle.casecomment", says=("text",))
keeps("lifecycle.casecontact", says=("person", "said"), plain=("ticket",))
keeps("lifecycle.casefile", plain=("sha256",))
keeps("lifecycle.casestep", says=("note", "data", "why_again"), plain=("code", "title", "who"))
keeps("lifecycle.checklist", plain=("questions", "reason"))
keeps("lifecycle.complaint", says=("channel", "summary"))
keeps("lifecycle.evidencepack", says=("reason",))
keeps("lifecycle.customerproblem", says=("text", "solution"))
keeps("lifecycle.directoryentry", says=("name", "phone", "email", "note"), plain=("serves", "site"))
keeps("lifecycle.finding", says=("params", "evidence"), plain=("kind", "code", "advice"))
keeps("lifecycle.groupday", plain=("key",))
keeps("lifecycle.impactassessment", says=("title", "purpose", "risks", "measures"))
keeps("lifecycle.law", plain=("name", "articles", "asks", "source"))
keeps("lifecycle.lawreview", says=("note",))
keeps(
    "lifecycle.matter",
    person=("about",),
    blank=("asker", "number"),
    says=("title", "summary", "channel", "data", "extended_because", "because"),
)
keeps("lifecycle.matterstep", says=("note",), plain=("code",))
keeps("lifecycle.noticerecipient", says=("remark",), plain=("address", "address_hash", "called"))
keeps("lifecycle.noticetext", plain=("name", "subject", "body"))
keeps("lifecycle.numbermark", plain=("platform", "label"))
keeps("lifecycle.numbernotice", plain=("company", "opt_out", "crm_link"))
keeps("lifecycle.numberreviewplan", plain=("industry",))
keeps("lifecycle.playbook", plain=("reason", "digest"))
keeps("lifecycle.playbookstep", plain=("code", "title", "who"))
keeps("lifecycle.qualitycheck", person=("agent__user",), blank=("note",))
keeps("lifecycle.reminder", plain=("subject",))
keeps("lifecycle.reverification", says=("note",), plain=("source",))
keeps("lifecycle.riskassessment", plain=("drivers", "advice"))
keeps("lifecycle.stopsat", plain=("kind",))
