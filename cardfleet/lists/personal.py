"""What saved views hold in words about people: what they searched for."""

from cardfleet.kernel.personal import keeps

keeps("lists.savedview", says=("name", "query"), plain=("listing", "columns", "sort"))
keeps("lists.defaultview", person=("user",), goes=True, plain=("listing",))
keeps("lists.scheduledreport", says=("view_name",), plain=("listing",))
