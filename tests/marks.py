"""Marks of who may: a letter for each who asks."""

# Who asks, in the order of the marks below: the two supervisors and agents are of the dataset's team and of another.
ROLES = ("admin", "supervisor", "other_supervisor", "finance", "compliance", "agent", "other_agent")
# y: may; n: has not the right (403); -: not visible (404).
ALL = "yyyyyyy"
OFFICE = "yyyyynn"
OFFICE_OF_IT = "yy-yynn"
SIGHT = "yy-yyy-"
DESK = "yyynnnn"
DESK_OF_IT = "yy-nnnn"
MONEY = "yyyynnn"

JOB = "yy--y--"
