package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {
  @ParameterizedTest
  @CsvSource({
    "thole://node-a.example:26050/thole, thole://node-a.example:26050/thole",
    "thole://Node-A.Example./Harbour, thole://node-a.example/Harbour",
    "thole://10.0.0.1:1/a.b_c-d, thole://10.0.0.1:1/a.b_c-d",
    "thole://[FE80:0:0::1]:26050/thole, thole://[fe80::1]:26050/thole",
    "thole://[::1]/thole, thole://[::1]/thole"
  })
  void readsUrisInTheirNormalForm(String uri, String normal) {
    assertEquals(Optional.of(normal), TlsIdentity.parse(uri).map(TlsIdentity::toString));
  }

  @ParameterizedTest // delivery.md 6: absence of proof is refusal
  @ValueSource(
      strings = {
        "",
        "thole://",
        "thole:///thole",
        "thole://a",
        "thole://a/",
        "thole://a/thole/",
        "thole://a/thole?x",
        "thole://a/b/c",
        "thole://a:0/thole",
        "thole://a:65536/thole",
        "thole://a:/thole",
        "thole://user@a/thole",
        "thole://a b/thole",
        "thole://*/thole",
        "thole://::1/thole",
        "thole://[a]/thole",
        "thole://[::1/thole",
        "Thole://a/thole",
        "http://a/thole",
        "thole://a/th\nole",
        "thole://a\u0000.example/thole",
        "thole://\u0430/thole"
      })
  void readsNothingElse(String uri) {
    assertEquals(Optional.empty(), TlsIdentity.parse(uri));
  }

  @Test
  void namesANodeOfItsClusterHostAndPort() {
    TlsIdentity one = TlsIdentity.parse("thole://a.example:26050/thole").orElseThrow();
    TlsIdentity any = TlsIdentity.parse("thole://a.example/thole").orElseThrow();
    Authority node = new Authority("a.example", 26_050);
    Authority other = new Authority("a.example", 26_051);

    assertTrue(one.names("thole", node) && any.names("thole", node) && any.names("thole", other));
    assertFalse(one.names("thole", other) || one.names("Thole", node));
    assertFalse(any.names("thole", new Authority("b.a.example", 26_050)));
  }

  @Test
  void meetsWhoeverMayBeTheSame() {
    TlsIdentity one = TlsIdentity.parse("thole://a:1/thole").orElseThrow();
    TlsIdentity two = TlsIdentity.parse("thole://a:2/thole").orElseThrow();
    TlsIdentity any = TlsIdentity.parse("thole://a/thole").orElseThrow();

    assertTrue(one.meets(one) && one.meets(any) && any.meets(two) && any.meets(any));
    assertFalse(one.meets(two) || any.meets(TlsIdentity.parse("thole://a/b").orElseThrow()));
    assertFalse(any.meets(TlsIdentity.parse("thole://b/thole").orElseThrow()));
  }
}
