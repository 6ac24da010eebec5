// The files of one Tomcat node's CATALINA_BASE, as text.

/** Sessions in Tomcat's own memory, or in the Redis that listens on a port of 127.0.0.1. */
export type SessionStore = { readonly kind: 'memory' } | { readonly kind: 'redis'; readonly port: number };

export interface NodeFacts {
  /** The backend's name, and its jvmRoute. */
  readonly name: string;
  readonly port: number;
  /** Idle time after which a session expires, in whole seconds. */
  readonly idleSeconds: number;
  readonly store: SessionStore;
  /** Folder of the compiled web application. */
  readonly webapp: string;
  /** Folder of the compiled session manager's classes. */
  readonly managerClasses: string;
}

/** File name in `conf/` to its text. */
export function confFiles(facts: NodeFacts): Readonly<Record<string, string>> {
  return { 'server.xml': serverXml(facts), 'catalina.properties': catalinaProperties(facts), 'logging.properties': LOGGING };
}

/**
 * Only an HTTP connector: no shutdown port, no AJP, no other application. The queue of connections is long, so that a burst of users
 * meets the strategy and not a full backlog (acceptCount is 100 by default). The clearReferences checks at the end of an application
 * are for class loaders that are thrown away while the JVM goes on; ours ends with it.
 */
export function serverXml(facts: NodeFacts): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Server port="-1">
  <Service name="Catalina">
    <Connector protocol="HTTP/1.1" address="127.0.0.1" port="${facts.port}" maxThreads="400" acceptCount="1000"/>
    <Engine name="Catalina" defaultHost="localhost" jvmRoute="${attribute(facts.name)}">
      <Host name="localhost" appBase="none" autoDeploy="false" deployOnStartup="false">
        <Context path="" docBase="${attribute(facts.webapp)}" clearReferencesObjectStreamClassCaches="false"
                 clearReferencesRmiTargets="false" clearReferencesThreadLocals="false">
          <Parameter name="node" value="${attribute(facts.name)}" override="false"/>
          <Parameter name="idleTimeoutSeconds" value="${facts.idleSeconds}" override="false"/>
          ${manager(facts.store)}
          <JarScanner scanClassPath="false" scanManifest="false"/>
        </Context>
      </Host>
    </Engine>
  </Service>
</Server>
`;
}

/** An empty pathname keeps the standard manager from writing SESSIONS.ser at a clean stop: the default since Tomcat 10. */
function manager(store: SessionStore): string {
  return store.kind === 'memory'
    ? '<Manager pathname=""/>'
    : `<Manager className="stickybench.redis.RedisSessionManager" host="127.0.0.1" port="${store.port}" poolSize="32"/>`;
}

/** Nothing is searched for annotations or tag libraries: web.xml says all there is. */
function catalinaProperties(facts: NodeFacts): string {
  return `common.loader="${property(facts.managerClasses)}","\${catalina.home}/lib/*.jar"
tomcat.util.scan.StandardJarScanFilter.jarsToSkip=*.jar
tomcat.util.scan.StandardJarScanFilter.jarsToScan=
`;
}

/** Everything to standard error, which the lab keeps as the node's log. */
const LOGGING = `handlers = java.util.logging.ConsoleHandler
.level = INFO
java.util.logging.ConsoleHandler.level = INFO
java.util.logging.ConsoleHandler.formatter = org.apache.juli.OneLineFormatter
`;

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A value in a Java properties file: Latin-1, other characters and the backslash escaped (java.util.Properties.load). */
function property(text: string): string {
  return text.replaceAll(/[^ -~]|\\/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
