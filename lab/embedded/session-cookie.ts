// The name of the session cookie, as Tomcat has it.

export const SESSION_COOKIE = 'JSESSIONID';
