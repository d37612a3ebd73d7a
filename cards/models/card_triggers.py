"""What the database itself remembers of cards: their phones, registered users and plans, whoever writes them."""

import pgtrigger

# The history of phones is kept by the database: a condition decides, so that no other change pays for it.
OUT_OF_PHONE = "UPDATE cards_deviceuse SET until = NEW.updated_at WHERE card_id = NEW.id AND until IS NULL;"
INTO_PHONE = """
INSERT INTO cards_deviceuse (card_id, imei, since)
SELECT NEW.id, NEW.device_imei, NEW.updated_at WHERE NEW.device_imei <> '';
RETURN NULL;
"""
# Who is registered as the user since when (R23), by the database as well.
NO_MORE_USER = "UPDATE cards_registereduse SET until = NEW.updated_at WHERE card_id = NEW.id AND until IS NULL;"
NEW_USER = """
INSERT INTO cards_registereduse (card_id, user_id, since)
SELECT NEW.id, NEW.actual_user_id, NEW.updated_at WHERE NEW.actual_user_id IS NOT NULL;
RETURN NULL;
"""
# Which plan it had when (R48, R81), by the database as well: cards come by the ten thousand, so those new ones are
# looked at a statement, not a row.
FIRST_PLANS = """
INSERT INTO cards_cardplanperiod (card_id, plan_id, starts_on)
SELECT id, plan_id, coalesce(activated_on, received_on, (created_at AT TIME ZONE 'Asia/Shanghai')::date)
FROM new_cards WHERE plan_id IS NOT NULL;
RETURN NULL;
"""
NEW_PLAN = """
day := coalesce(nullif(current_setting('cardfleet.plan_from', true), '')::date,
    (NEW.updated_at AT TIME ZONE 'Asia/Shanghai')::date);
DELETE FROM cards_cardplanperiod WHERE card_id = NEW.id AND starts_on >= day;
UPDATE cards_cardplanperiod SET ends_on = day WHERE card_id = NEW.id AND (ends_on IS NULL OR ends_on > day);
IF NEW.plan_id IS NOT NULL THEN
    UPDATE cards_cardplanperiod SET ends_on = NULL
    WHERE card_id = NEW.id AND plan_id = NEW.plan_id AND ends_on = day;
    IF NOT FOUND THEN
        INSERT INTO cards_cardplanperiod (card_id, plan_id, starts_on) VALUES (NEW.id, NEW.plan_id, day);
    END IF;
END IF;
RETURN NULL;
"""

TRIGGERS = [
    pgtrigger.Trigger(
        name="remembers_new_phone",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__device_imei__gt=""),
        func=INTO_PHONE,
    ),
    pgtrigger.Trigger(
        name="remembers_phones",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("device_imei"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__device_imei__df=pgtrigger.F("old__device_imei")),
        func=OUT_OF_PHONE + INTO_PHONE,
    ),
    pgtrigger.Trigger(
        name="remembers_new_user",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__actual_user_id__gt=0),
        func=NEW_USER,
    ),
    pgtrigger.Trigger(
        name="remembers_users",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("actual_user_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__actual_user_id__df=pgtrigger.F("old__actual_user_id")),
        func=NO_MORE_USER + NEW_USER,
    ),
    pgtrigger.Trigger(
        name="remembers_first_plans",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_cards"),  # type: ignore[no-untyped-call]
        func=FIRST_PLANS,
    ),
    pgtrigger.Trigger(
        name="remembers_plans",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("plan_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__plan_id__df=pgtrigger.F("old__plan_id")),
        declare=[("day", "date")],
        func=NEW_PLAN,
    ),
]
