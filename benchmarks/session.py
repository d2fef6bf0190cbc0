"""A browser's half of Streamlit's websocket: ask for a rerun or a file, listen until it is there."""

import time
from collections.abc import Iterator
from types import TracebackType

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from websockets.sync.client import connect

RUN_SECONDS = 120
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


def is_error(element: Element) -> bool:
    kind = element.WhichOneof("type")
    return kind == "exception" or (kind == "alert" and element.alert.format == Alert.ERROR)


class Session:
    """One open page. `pages` maps a page's address to its hash, as the navigation announces them.

    `boxes` has the select boxes seen so far by label, `files` those that can be downloaded; `query` is what stands in
    the address behind the question mark.
    """

    def __init__(self, port: int):
        self.socket = connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, compression=None)
        self.pages: dict[str, str] = {}
        self.boxes: dict[str, Selectbox] = {}
        self.files: dict[str, str] = {}
        self.known_messages: set[str] = set()
        self.query = ""
        self.id = ""

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.socket.close()

    def rerun(self, page: str = "") -> float:
        """Seconds from the request to the end of the script; raises when the page showed an exception."""
        return self.ask(page, BackMsg())

    def choose_first(self, page: str, label: str) -> float:
        """The same with the first option of a select box chosen."""
        box, request = self.boxes[label], BackMsg()
        request.rerun_script.widget_states.widgets.add(id=box.id, string_value=box.options[0])
        return self.ask(page, request)

    def download(self, label: str) -> float:
        """Seconds from the click on a download button until its file is built."""
        request = BackMsg()
        request.backend_operation_request.request_id = label
        request.backend_operation_request.session_id = self.id
        request.backend_operation_request.deferred_file.file_id = self.files[label]
        started = time.perf_counter()
        self.socket.send(request.SerializeToString())
        for message in self.messages():
            if message.WhichOneof("type") == "backend_operation_response":
                if message.backend_operation_response.error_msg:
                    raise RuntimeError(f"{label!r} was not built")
                break
        return time.perf_counter() - started

    def ask(self, page: str, request: BackMsg) -> float:
        request.rerun_script.page_script_hash = self.pages.get(page, "")
        request.rerun_script.query_string = self.query
        request.rerun_script.cached_message_hashes.extend(self.known_messages)
        started = time.perf_counter()
        self.socket.send(request.SerializeToString())
        self.listen_until_finished(page)
        return time.perf_counter() - started

    def listen_until_finished(self, page: str) -> None:
        for message in self.messages():
            kind = message.WhichOneof("type")
            if message.metadata.cacheable and message.hash:
                self.known_messages.add(message.hash)
            if kind == "new_session":
                self.id = message.new_session.initialize.session_id
            if kind == "navigation":
                self.pages = {
                    entry.url_pathname: entry.page_script_hash for entry in message.navigation.app_pages
                }
            if kind == "delta":
                self.look_at(message.delta.new_element, page)
            if kind == "script_finished" and message.script_finished in FINISHED:
                return

    def messages(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=RUN_SECONDS))
            yield message

    def look_at(self, element: Element, page: str) -> None:
        if is_error(element):
            raise RuntimeError(f"page {page!r} shows an error instead of its content")
        if element.WhichOneof("type") == "selectbox":
            self.boxes[element.selectbox.label] = element.selectbox
        if element.WhichOneof("type") == "download_button":
            self.files[element.download_button.label] = element.download_button.deferred_file_id
