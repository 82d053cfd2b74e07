"""Publishes events to an MQTT broker: TOPIC/CAMERA/KIND, at least once, never retained.

TOPIC/status is retained and says `online` or, by the broker's last will, `offline`.
"""

from __future__ import annotations

import contextlib
import os
import threading

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from bitfast_faces.cameras.addresses import checked
from bitfast_faces.cameras.config import Mqtt
from bitfast_faces.cameras.events import Event
from bitfast_faces.errors import FacesError

AT_LEAST_ONCE = 1
FIRST_PAUSE, LONGEST_PAUSE = 1, 30  # seconds between attempts to reconnect
PATIENCE = 10.0  # seconds for the broker's receipt of one event


class MqttSink:
    """A broker. It is connected to, and reconnected, in the background. `naming` is whether events name people.

    Raises FacesError for unusable settings.
    """

    def __init__(self, mqtt: Mqtt, naming: bool = True) -> None:
        tried = "Setting up MQTT."
        confidential = naming or bool(mqtt.user_env)
        to = checked(mqtt.url, ("mqtt", "mqtts"), (1883, 8883), tried, confidential=confidential, plain=mqtt.plain)
        if any(sign in mqtt.topic for sign in "+#\0") or not mqtt.topic:
            raise FacesError(tried, f"{mqtt.topic!r} is no topic to publish to.", "Leave out + and #.")
        self.name = f"the MQTT broker at {to.host}"
        self._topic = mqtt.topic
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.max_queued_messages_set(mqtt.queue)
        self._client.reconnect_delay_set(FIRST_PAUSE, LONGEST_PAUSE)
        if mqtt.user_env:
            self._client.username_pw_set(_secret(mqtt.user_env, tried), _secret(mqtt.password_env, tried))
        if to.secure:
            self._client.tls_set()
        self._client.will_set(f"{mqtt.topic}/status", "offline", AT_LEAST_ONCE, retain=True)
        self._client.on_connect = self._connected
        self._up = threading.Event()
        self._client.on_disconnect = lambda *_: self._up.clear()
        self._client.connect_async(to.host, to.port)
        self._client.loop_start()

    def deliver(self, event: Event, stopping: threading.Event) -> bool:
        """Waits for a connection and then for the broker's receipt. An event that none came for is not sent again."""
        while not self._up.wait(0.2):
            if stopping.is_set():
                return False
        sent = self._client.publish(f"{self._topic}/{event.camera}/{event.kind}", event.json(), AT_LEAST_ONCE)
        if sent.rc not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
            return False
        try:
            sent.wait_for_publish(PATIENCE)
        except (RuntimeError, ValueError):
            return False
        return sent.is_published()

    def close(self) -> None:
        if self._up.is_set():
            last = self._client.publish(f"{self._topic}/status", "offline", AT_LEAST_ONCE, retain=True)
            with contextlib.suppress(RuntimeError, ValueError):
                last.wait_for_publish(1.0)
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: paho.Client, data: object, flags: object, reason: ReasonCode, *_: object) -> None:
        if not reason.is_failure:
            client.publish(f"{self._topic}/status", "online", AT_LEAST_ONCE, retain=True)
            self._up.set()


def _secret(variable: str, tried: str) -> str:
    value = os.environ.get(variable, "") if variable else ""
    if not value:
        raise FacesError(
            tried, f"The environment variable {variable or 'password_env'} is not set.", "Set user and password there."
        )
    return value
