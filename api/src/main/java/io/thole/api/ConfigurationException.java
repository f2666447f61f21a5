package io.thole.api;

/** A configuration value is refused. Nothing was changed by it. */
public class ConfigurationException extends ClusterException {
  private static final long serialVersionUID = 1L;

  private final String pid;
  private final String key;
  private final String value;
  private final String allowed;

  /**
   * Makes one.
   *
   * @param pid the persistent identity of the configuration, for instance {@code io.thole.core}
   * @param key the key
   * @param value the value, as it was given
   * @param allowed what is allowed instead
   */
  public ConfigurationException(String pid, String key, String value, String allowed) {
    super(pid + ": " + key + "=" + Escaped.plain(value) + " is refused; allowed: " + allowed);
    this.pid = pid;
    this.key = key;
    this.value = value;
    this.allowed = allowed;
  }

  /** Returns the persistent identity of the configuration. */
  public String pid() {
    return pid;
  }

  /** Returns the key. */
  public String key() {
    return key;
  }

  /** Returns the value, as it was given: foreign text. */
  public String value() {
    return value;
  }

  /** Returns what is allowed instead. */
  public String allowed() {
    return allowed;
  }
}
