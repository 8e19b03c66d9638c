import ca.uhn.fhir.batch2.jobs.config.Batch2JobsConfig;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.config.ThreadPoolFactoryConfig;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.batch2.JpaBatch2Config;
import ca.uhn.fhir.jpa.config.HapiJpaConfig;
import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.util.HapiEntityManagerFactoryUtil;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.config.SubscriptionSettings;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirH2Dialect;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.provider.JpaSystemProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.jpa.subscription.channel.config.SubscriptionChannelConfig;
import ca.uhn.fhir.jpa.subscription.match.config.SubscriptionProcessorConfig;
import ca.uhn.fhir.jpa.subscription.match.deliver.email.IEmailSender;
import ca.uhn.fhir.jpa.subscription.submit.config.SubscriptionSubmitterConfig;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import jakarta.persistence.EntityManagerFactory;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.hl7.fhir.dstu2.model.Subscription.SubscriptionChannelType;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/**
 * HAPI FHIR's JPA server for R4 in one process: its own parts, an H2 in memory, Jetty on loopback. The settings are those
 * of HAPI's starter, with references to other servers allowed; the rest-hook is on unless "-Drest-hook=off".
 * Prints its base URL as the first line when it answers, and ends when its standard input does.
 */
public class HapiServer {
	public static void main(String[] arguments) throws Exception {
		var context = new AnnotationConfigApplicationContext();
		context.setAllowCircularReferences(true);
		context.register(Parts.class);
		context.refresh();

		var server = new Server();
		var connector = new ServerConnector(server);
		connector.setHost("127.0.0.1");
		connector.setPort(Integer.getInteger("port", 0));
		server.addConnector(connector);
		var servlets = new ServletContextHandler();
		servlets.addServlet(new ServletHolder(context.getBean(RestfulServer.class)), "/fhir/*");
		server.setHandler(servlets);
		server.start();
		System.out.println("http://127.0.0.1:" + connector.getLocalPort() + "/fhir");

		System.in.transferTo(System.err);
		System.exit(0);
	}

	@Configuration
	@Import({
		HapiJpaConfig.class,
		JpaR4Config.class,
		ThreadPoolFactoryConfig.class,
		JpaBatch2Config.class,
		Batch2JobsConfig.class,
		SubscriptionSubmitterConfig.class,
		SubscriptionProcessorConfig.class,
		SubscriptionChannelConfig.class
	})
	static class Parts {
		@Bean
		JpaStorageSettings storageSettings() {
			var settings = new JpaStorageSettings();
			settings.setAllowExternalReferences(true);
			settings.setExpungeEnabled(true);
			settings.setFetchSizeDefaultMaximum(200);
			return settings;
		}

		@Bean
		SubscriptionSettings subscriptionSettings() {
			var settings = new SubscriptionSettings();
			if (!"off".equals(System.getProperty("rest-hook"))) {
				settings.addSupportedSubscriptionType(SubscriptionChannelType.RESTHOOK);
			}
			return settings;
		}

		@Bean
		PartitionSettings partitionSettings() {
			return new PartitionSettings();
		}

		/** Asked for by the Subscription module, whose e-mail channel is off. */
		@Bean
		IEmailSender emailSender() {
			return details -> {
				throw new UnsupportedOperationException("the e-mail channel is off");
			};
		}

		@Bean(destroyMethod = "close")
		DataSource dataSource() {
			var source = new BasicDataSource();
			source.setUrl("jdbc:h2:mem:hapi;DB_CLOSE_DELAY=-1");
			source.setMaxTotal(30);
			return source;
		}

		@Bean
		@Primary
		LocalContainerEntityManagerFactoryBean entityManagerFactory(
				DataSource source,
				ConfigurableListableBeanFactory beans,
				FhirContext fhir,
				JpaStorageSettings settings) {
			var factory = HapiEntityManagerFactoryUtil.newEntityManagerFactory(beans, fhir, settings);
			factory.setPersistenceUnitName("HAPI_PU");
			factory.setDataSource(source);
			var properties = new Properties();
			properties.put("hibernate.dialect", HapiFhirH2Dialect.class.getName());
			properties.put("hibernate.hbm2ddl.auto", "update");
			properties.put("hibernate.search.enabled", "false");
			factory.setJpaProperties(properties);
			return factory;
		}

		@Bean
		@Primary
		JpaTransactionManager transactionManager(EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

		@Bean
		RestfulServer restfulServer(
				IFhirSystemDao<?, ?> system,
				JpaSystemProvider<?, ?> systemProvider,
				ResourceProviderFactory resourceProviders,
				JpaStorageSettings settings,
				ISearchParamRegistry searchParameters,
				IValidationSupport definitions,
				DatabaseBackedPagingProvider pages) {
			var server = new RestfulServer(system.getContext());
			server.registerProviders(resourceProviders.createProviders());
			server.registerProvider(systemProvider);
			var capabilities =
					new JpaCapabilityStatementProvider(server, system, settings, searchParameters, definitions);
			capabilities.setImplementationDescription("HAPI FHIR R4 Server");
			server.setServerConformanceProvider(capabilities);
			pages.setDefaultPageSize(20);
			pages.setMaximumPageSize(200);
			server.setPagingProvider(pages);
			server.setDefaultResponseEncoding(EncodingEnum.JSON);
			return server;
		}
	}
}
