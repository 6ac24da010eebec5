import { describe, expect, it } from 'vitest';
import { confFiles, serverXml } from './base.ts';

const FACTS = {
  name: 'tomcat01',
  port: 8081,
  idleSeconds: 90,
  store: { kind: 'memory' },
  webapp: '/cache/webapp',
  managerClasses: '/cache/manager',
} as const;

describe('the files of a Tomcat node', () => {
  it('are three', () => {
    expect(Object.keys(confFiles(FACTS))).toEqual(['server.xml', 'catalina.properties', 'logging.properties']);
  });

  it('have one connector, one application, and no way to shut it down from outside', () => {
    expect(serverXml(FACTS)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <Server port="-1">
        <Service name="Catalina">
          <Connector protocol="HTTP/1.1" address="127.0.0.1" port="8081" maxThreads="400" acceptCount="1000"/>
          <Engine name="Catalina" defaultHost="localhost" jvmRoute="tomcat01">
            <Host name="localhost" appBase="none" autoDeploy="false" deployOnStartup="false">
              <Context path="" docBase="/cache/webapp" clearReferencesObjectStreamClassCaches="false"
                       clearReferencesRmiTargets="false" clearReferencesThreadLocals="false">
                <Parameter name="node" value="tomcat01" override="false"/>
                <Parameter name="idleTimeoutSeconds" value="90" override="false"/>
                <Manager pathname=""/>
                <JarScanner scanClassPath="false" scanManifest="false"/>
              </Context>
            </Host>
          </Engine>
        </Service>
      </Server>
      "
    `);
  });

  it('name the session manager when sessions are shared', () => {
    const line = (xml: string) => xml.split('\n').filter((text) => text.includes('<Manager'));
    expect(line(serverXml({ ...FACTS, store: { kind: 'redis', port: 6380 } }))).toEqual([
      '          <Manager className="stickybench.redis.RedisSessionManager" host="127.0.0.1" port="6380" poolSize="32"/>',
    ]);
  });

  it('escape what XML and Java properties would misread', () => {
    const files = confFiles({ ...FACTS, webapp: '/a&b"<c', managerClasses: '/größe\\x' });
    expect(files['server.xml']).toContain('docBase="/a&amp;b&quot;&lt;c"');
    expect(files['catalina.properties']?.split(',')[0]).toBe('common.loader="/gr\\u00f6\\u00dfe\\u005cx"');
  });
});
