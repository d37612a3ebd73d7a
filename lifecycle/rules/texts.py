"""The sentences behind codes. Findings, drivers and alerts store a code and its params as JSON; the words are made
here when somebody reads them, in that reader's language.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

UNITS: Mapping[str, Text] = {
    "callees": _("callees"),
    "calls": _("calls"),
    "cards": _("cards"),
    "changes": _("changes of phone"),
    "CNY": _("yuan"),
    "complaints": _("complaints"),
    "days": _("days"),
    "hours": _("hours"),
    "marks": _("marks"),
    "minutes": _("minutes"),
    "months": _("months"),
    "seconds": _("seconds"),
    "stops": _("stops"),
    "tries": _("wrong tries"),
    "x": _("times as much"),
}
FINDINGS: Mapping[str, Text] = {
    "daily_out_calls": _("%(value)s outgoing calls today, the cap is %(limit)s."),
    "hourly_out_calls": _("%(value)s outgoing calls within 60 minutes, the cap is %(limit)s."),
    "burst": _("%(value)s outgoing calls within 10 minutes, the cap is %(limit)s."),
    "min_gap": _(
        "A tenth of today's pauses between calls lasted at most %(value)s s; at least %(limit)s s are wanted."
    ),
    "daily_minutes": _("%(value)s minutes called today, warning at %(warn)s."),
    "agent_out_calls": _(
        "%(value)s outgoing calls today by the agent of this card, with all cards together (%(cards)s); the cap is "
        "%(limit)s."
    ),
    "team_out_calls": _(
        "%(value)s outgoing calls today by the team of this card, with all cards together (%(cards)s); the cap is "
        "%(limit)s."
    ),
    "campaign_out_calls": _(
        "%(value)s outgoing calls today in the campaign of this card, with all cards together (%(cards)s); the cap is "
        "%(limit)s."
    ),
    "entity_out_calls": _(
        "%(value)s outgoing calls today by the legal entity of this card, with all cards together (%(cards)s); the cap "
        "is %(limit)s."
    ),
    "agent_hour_calls": _(
        "%(value)s outgoing calls within an hour by the agent of this card, with all cards together (%(cards)s); the "
        "cap is %(limit)s."
    ),
    "team_hour_calls": _(
        "%(value)s outgoing calls within an hour by the team of this card, with all cards together (%(cards)s); the "
        "cap is %(limit)s."
    ),
    "campaign_hour_calls": _(
        "%(value)s outgoing calls within an hour in the campaign of this card, with all cards together (%(cards)s); "
        "the cap is %(limit)s."
    ),
    "entity_hour_calls": _(
        "%(value)s outgoing calls within an hour by the legal entity of this card, with all cards together "
        "(%(cards)s); the cap is %(limit)s."
    ),
    "agent_minutes": _(
        "%(value)s minutes called today by the agent of this card, with all cards together (%(cards)s); warning at "
        "%(warn)s."
    ),
    "team_minutes": _(
        "%(value)s minutes called today by the team of this card, with all cards together (%(cards)s); warning at "
        "%(warn)s."
    ),
    "campaign_minutes": _(
        "%(value)s minutes called today in the campaign of this card, with all cards together (%(cards)s); warning at "
        "%(warn)s."
    ),
    "entity_minutes": _(
        "%(value)s minutes called today by the legal entity of this card, with all cards together (%(cards)s); warning "
        "at %(warn)s."
    ),
    "direction_use": _("%(value)s calls today against the direction this card was given for."),
    "card_hours": _("%(value)s outgoing calls today outside the hours this card was given for (%(hours)s)."),
    "long_distance": _("%(value)s calls abroad today by a card that is not allowed long distance."),
    "industry_match": _("The contract does not confirm the industry %(industry)s."),
    "bundle_minutes": _("%(minutes)s of %(bundle)s bundle minutes used this month (%(value)s%%)."),
    "distinct_callees": _("%(value)s different callees today, the cap is %(limit)s."),
    "callee_repeat": _("One callee was called %(value)s times within 24 hours, the cap is %(limit)s."),
    "callee_repeat_30d": _("One callee was called %(value)s times within 30 days, the cap is %(limit)s."),
    "short_call_ratio": _(
        "%(short)s of %(answered)s answered calls today were under %(seconds)s seconds "
        "(%(value)s%%, the cap is %(limit)s%%)."
    ),
    "connect_rate": _("Only %(value)s%% of today's calls were answered, warning at %(warn)s%%."),
    "empty_number": _("%(value)s%% of today's calls went to vacant numbers, warning at %(warn)s%%."),
    "holiday": _("Outgoing calls today, a holiday: %(calls)s."),
    "new_card_cap": _("%(value)s outgoing calls today by a card in its first %(days)s days, the cap is %(limit)s."),
    "call_window": _("Calls today outside the calling hours (%(hours)s): %(value)s."),
    "low_balance": _("Days the balance of CNY %(balance)s lasts at CNY %(burn)s a day: %(value)s."),
    "low_balance_spent": _("The balance of CNY %(balance)s is spent; the carrier may stop the card at any time."),
    "low_balance_cny": _("The balance is CNY %(balance)s, the carrier stops below CNY %(limit)s."),
    "credit_limit": _("CNY %(owed)s of the credit limit of CNY %(credit)s is used (%(value)s%%)."),
    "late_fee": _("Overdue: CNY %(amount)s; days: %(days)s; late fee so far: CNY %(value)s."),
    "fee_spike": _("Fees of CNY %(fees)s this month are %(value)s times the mean of CNY %(mean)s."),
    "min_spend": _("CNY %(value)s spent this month, the plan's minimum is CNY %(minimum)s."),
    "validity": _("Valid until %(ends_on)s; days left: %(days_left)s."),
    "idle_days": _("No call and no top-up for %(value)s days, since %(last)s."),
    "idle_days_recycle": _("No call and no top-up for %(value)s days, since %(last)s; recycled about %(recycled_on)s."),
    "activation_days": _("Received on %(received_on)s and not activated for %(value)s days, the limit is %(limit)s."),
    "contract_term": _("The contract runs until %(ends_on)s; leaving now costs CNY %(penalty)s."),
    "hoarding": _("%(value)s%% of the cards in service are idle, warning at %(warn)s%%."),
    "real_name": _("The real-name registration is not valid."),
    "real_name_unchecked": _("Nobody has checked the real-name registration."),
    "user_match": _("The holder is not the registered user of this company card."),
    "user_match_person": _("A card registered to a person is held by somebody else: that is lending."),
    "outside_use": _("The holder is not on the company's staff."),
    "id_card_count": _("%(value)s cards on one ID with this carrier, the limit is %(limit)s."),
    "id_card_total": _("%(value)s cards on one ID with all carriers, the limit is %(limit)s."),
    "reverify_due": _("The second verification is due at %(due)s."),
    "purpose_match": _("The card is used for another purpose than the carrier confirmed."),
    "reported_rate": _("%(value)s%% of the calling numbers were notified, the limit is %(limit)s%%."),
    "complaints": _("Valid complaints within 30 days: %(value)s; the limit is %(limit)s."),
    "usual_calls": _("On a usual day %(value)s outgoing calls (mean of the last seven days); the cap is %(limit)s."),
    "usual_hour": _("On a usual day up to %(value)s outgoing calls within 60 minutes; the cap is %(limit)s."),
    "stop_history": _("Stopped by its carrier for its use within 90 days: %(value)s times."),
    "marked": _("Marks by callees: %(value)s; the limit is %(limit)s."),
    "consent": _("Calls today without the callee's consent: %(calls)s."),
    "dnc": _("Calls today to numbers on the do-not-call list: %(calls)s."),
    "industry_ban": _("The carrier restricts the industry %(industry)s."),
    "imei_change": _("Changes of phone: %(value)s; the limit is %(limit)s."),
    "sim_swap": _("%(value)s cards in one phone today, the limit is %(limit)s."),
    "region": _("Days of the last seven on which calls came from outside the home region: %(value)s."),
    "pin_tries": _("%(value)s wrong PIN entries, the card locks at %(limit)s."),
    "puk_tries": _("%(value)s wrong PUK entries, the card is dead at %(limit)s."),
}

ALERTS: Mapping[str, Text] = {
    "stopped": _("Stopped since %(since)s."),
    "carrier_stopped": _(
        "The carrier seems to have stopped this card: calls failed with code %(code)s, the last at %(last)s "
        "(%(calls)s within three days)."
    ),
    "carrier_limits": _(
        "The carrier seems to limit this card's calls: calls failed with code %(code)s, the last at %(last)s "
        "(%(calls)s within three days)."
    ),
    "reverification_due": _("The registrant must verify until %(due)s, else the carrier stops the card (%(source)s)."),
    "reverification_over": _("The registrant should have verified until %(due)s: the carrier may stop the card now."),
    "arrears": _("CNY %(amount)s owed, due on %(due_on)s; the carrier may stop the card on %(stop_on)s."),
    "arrears_stopped": _("Stopped for arrears of CNY %(amount)s; the number may be ended on %(terminate_on)s."),
    "card_expiry": _("The card is valid until %(due_on)s."),
    "contract_end": _("The contract %(number)s ends on %(due_on)s."),
    "contract_notice": _(
        "Notice of the contract %(number)s must be given until %(due_on)s to end it on %(ends_on)s; else it is renewed."
    ),
    "real_name_expiry": _("The real-name proof is valid until %(due_on)s."),
    "case": _("Case #%(case)s should have gone on by %(due)s."),
    "desk": _("Matter #%(matter)s of the compliance desk should have gone on by %(due)s."),
    "connection": _("It has failed since %(since)s: %(reason)s"),
    "leaver_holds": _("Whoever held this card left on %(left_on)s and has not given it back."),
    "leaver_registered": _(
        "Whoever left on %(left_on)s is still registered as the user; that was to be changed by %(due_on)s."
    ),
    "secret_change": _("PIN and service password are to be changed by %(due_on)s, then recorded."),
    "training_lapsed": _(
        "The required training %(course)s ended on %(ended_on)s and was not renewed; %(cards)s cards are to come back."
    ),
    "training_expiry": _("The training %(course)s is valid until %(due_on)s."),
}

ADVICE: Mapping[str, Text] = {
    "stop_calling_today": _("Make no more outgoing calls with this card today."),
    "share_out": _("Make no more outgoing calls today with any card of this group; another card changes nothing."),
    "use_as_given": _("Use the card as it was given, or have its use changed on the card."),
    "spread_calls": _("Plan fewer calls a day for this card."),
    "slow_down": _("Call more slowly; leave time between calls."),
    "leave_callee": _("Do not call this person again."),
    "keep_hours": _("Call only within the calling hours."),
    "check_plan": _("Compare the plan with what is used."),
    "check_list": _("Check the call list and how the calls are opened."),
    "check_bill": _("Look through the bill and ask the carrier about odd charges."),
    "top_up": _("Top up today."),
    "pay_arrears": _("Pay what is overdue and keep the proof."),
    "renew_or_cancel": _("Decide whether to renew or to cancel."),
    "use_or_release": _("Decide whether the card is really needed: use it or give it up."),
    "activate": _("Have the card activated by its registrant, or send it back."),
    "accept_penalty": _("Have the penalty accepted, or wait until the contract ends."),
    "release_spares": _("Give up the spare cards that nobody needs."),
    "check_registration": _("Check the registration with the carrier and record the result."),
    "register": _("Have the registration put in order before the card is used."),
    "register_user": _("Register the holder as the user, or take the card back."),
    "take_back": _("Take the card back now."),
    "use_company_cards": _("Take further cards in the company's name, under its contract."),
    "verify": _("Have the registrant verify in person or online before the deadline."),
    "confirm_purpose": _("Use the card for its confirmed purpose, or have the new one confirmed."),
    "stop_and_review": _("Stop outgoing calls and review the notified numbers with compliance."),
    "rectify": _("Hear the complaint, correct what was wrong and record it."),
    "appeal_mark": _("Appeal a wrong mark; for a true one change how you call."),
    "get_consent": _("Call only people who agreed, and keep the proof."),
    "ask_carrier": _("Get the carrier's written approval first."),
    "keep_device": _("Keep the card in its phone."),
    "use_at_home": _("Use the card in its home region, or ask the carrier."),
    "use_vault": _("Do not guess: ask for the code to be revealed."),
}


SENTENCES: Mapping[str, Text] = {**FINDINGS, **ALERTS}


class _Words(dict[str, object]):
    def __missing__(self, _key: str) -> str:
        return "—"


def render(code: str, params: Mapping[str, object]) -> str:
    """Return the sentence of a finding or an alert in the active language.

    What was stored may be older than the sentence: a word it lacks is a dash.
    """
    return str(SENTENCES[code]) % _Words(params)


def advise(code: str) -> str:
    """Return what to do, in the active language."""
    return str(ADVICE[code])
