"""What the list of files holds in words about people; the files themselves are named by whom they belong to."""

from cardfleet.kernel.personal import keeps

keeps("files.storedfile", says=("name",), plain=("content", "content_type", "sha256", "purpose", "subject"))
